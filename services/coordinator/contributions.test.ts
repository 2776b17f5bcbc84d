import assert from "node:assert/strict";
import { test } from "node:test";
import { openCodec } from "../../shared/bus/codec.ts";
import { contributions } from "./contributions.ts";

const nothing = { addHeaders: [], removeHeaders: [], dkimSignatures: [] };
const result = (method: string, value = "pass") => ({ method, result: value, properties: [] });

test("results in order: dkim, spf, dmarc, arc, others by name", () => {
  const { authentication, changes } = contributions({
    A_CHECK: { authentication: [result("iprev"), result("arc")] },
    DMARC_CHECK: { result: "pass", authentication: [result("dmarc")] },
    DKIM_CHECK: { authentication: [result("dkim", "fail"), result("dkim")] },
    SPF_CHECK: { authentication: [result("spf")] },
    Z_CHECK: { authentication: [result("bimi")] },
  });
  const shown = authentication.map((one) => `${one.method}=${one.result}`);
  assert.deepEqual(shown, ["dkim=fail", "dkim=pass", "spf=pass", "dmarc=pass", "arc=pass", "bimi=pass", "iprev=pass"]);
  assert.deepEqual(changes, nothing);
});

test("changes of several checks, in the order of their names; the later has its way", () => {
  const { changes } = contributions({
    B_CHECK: {
      changes: {
        addHeaders: [{ name: "X-B", value: "b", order: -1 }],
        dkimSignatures: ["v=1; b=b"],
        changeFrom: "b@example.org",
        addRcpts: ["one@example.org", "two@example.org"],
        body: Uint8Array.of(1, 2),
      },
    },
    A_CHECK: {
      changes: {
        addHeaders: [{ name: "X-A", value: "a\n\tfolded", order: 1 }],
        removeHeaders: [{ name: "X-Old", index: 0 }],
        dkimSignatures: ["v=1; b=a"],
        changeFrom: "a@example.org",
        spamHeader: "Yes",
        addRcpts: ["one@example.org"],
        deleteRcpts: ["three@example.org"],
      },
    },
  });
  assert.deepEqual(changes, {
    addHeaders: [
      { name: "X-A", value: "a\n\tfolded", order: 1 },
      { name: "X-B", value: "b", order: -1 },
    ],
    removeHeaders: [{ name: "X-Old", index: 0 }],
    dkimSignatures: ["v=1; b=a", "v=1; b=b"],
    changeFrom: "b@example.org",
    addRcpts: ["one@example.org", "two@example.org"],
    deleteRcpts: ["three@example.org"],
    spamHeader: "Yes",
    body: Uint8Array.of(1, 2),
  });
});

test("the null sender is one to change to", () => {
  assert.equal(contributions({ A: { changes: { changeFrom: "" } } }).changes.changeFrom, "");
});

const hostile: readonly unknown[] = [
  null,
  undefined,
  1,
  "text",
  [],
  { changes: null, authentication: {} },
  { changes: [], authentication: "spf=pass" },
  { changes: { addHeaders: "X: y", removeHeaders: 7, dkimSignatures: {}, changeFrom: 1, addRcpts: [1], body: "x" } },
  {
    changes: {
      addHeaders: [
        { name: "X\r\nY", value: "x" },
        { name: "X", value: "x\r\nX-Evil: 1" },
        { name: "X", value: "x\nX-Evil: 1" },
        { name: "X" },
        null,
      ],
      removeHeaders: [{ name: "X" }, { name: "", index: 0 }, { name: "X", index: 0.5 }],
      dkimSignatures: ["a\nb", null],
      changeFrom: "a@example.org\r\nRCPT TO:<b@example.org>",
      spamHeader: "x\ny",
      deleteRcpts: ["a\nb"],
    },
  },
  {
    authentication: [
      null,
      { method: "spf" },
      { method: "spf; dkim=pass", result: "pass", properties: [] },
      { method: "spf", result: "pass header.d=example.org" },
      { method: 1, result: 2 },
    ],
  },
];

for (const finding of hostile) {
  test(`takes nothing from ${JSON.stringify(finding)}`, () => {
    assert.deepEqual(contributions({ HOSTILE_CHECK: finding }), { authentication: [], changes: nothing });
  });
}

test("properties that cannot be are left out; endless lists are cut", () => {
  const { authentication } = contributions({
    A: {
      authentication: Array(10_000).fill({
        method: "spf",
        result: "pass",
        reason: "",
        properties: [["smtp.mailfrom", "x"], ["no type", "x"], ["a.b"], "x"],
      }),
    },
  });
  assert.equal(authentication.length, 100);
  assert.deepEqual(authentication[0], { method: "spf", result: "pass", properties: [["smtp.mailfrom", "x"]] });
});

test("what has been on the bus is taken the same", () => {
  const codec = openCodec();
  const finding = { authentication: [result("spf")], changes: { body: Uint8Array.of(1), changeFrom: "a@example.org" } };
  const carried = codec.decode(codec.encode({ A: finding })) as Record<string, unknown>;
  const { authentication, changes } = contributions(carried);
  assert.deepEqual(authentication, [result("spf")]);
  assert.equal(changes.changeFrom, "a@example.org");
  assert.equal(changes.body?.[0], 1);
});
