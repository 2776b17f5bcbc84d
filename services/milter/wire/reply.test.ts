import assert from "node:assert/strict";
import { test } from "node:test";
import { packetsIn } from "../testing.ts";
import type { Change } from "../transaction.ts";
import { SMFIF_CHGHDRS } from "./constants.ts";
import { canChange, encodeChange, encodeReply } from "./reply.ts";

const bare = { version: 6, actions: 0, steps: 0 };
const spaced = { ...bare, steps: 0x100000 };

const cases: readonly [Change, string][] = [
  [{ kind: "add header", name: "X-Spam", value: "Yes" }, "hX-Spam\0Yes\0"],
  [{ kind: "insert header", index: 1, name: "X-Spam", value: "Yes" }, "i\0\0\0\x01X-Spam\0Yes\0"],
  [{ kind: "change header", index: 1, name: "Subject", value: "New" }, "m\0\0\0\x01Subject\0New\0"],
  [{ kind: "delete header", index: 258, name: "x-spam" }, "m\0\0\x01\x02x-spam\0\0"],
  [{ kind: "change from", address: "" }, "e<>\0"],
  [{ kind: "add rcpt", address: "a@example.org" }, "+<a@example.org>\0"],
  [{ kind: "delete rcpt", address: "a@example.org" }, "-<a@example.org>\0"],
  [{ kind: "replace body", body: Buffer.from("new\r\n") }, "bnew\r\n"],
  [{ kind: "quarantine", reason: "spam" }, "qspam\0"],
];

for (const [change, expected] of cases)
  test(`change: ${change.kind}`, () => {
    assert.deepEqual(packetsIn(encodeChange(bare, change)), [expected]);
  });

test("with leading blanks negotiated, values bring their own; a deletion stays empty", () => {
  const values = cases.map(([change]) => packetsIn(encodeChange(spaced, change))[0]);
  assert.deepEqual(values.slice(0, 4), [
    "hX-Spam\0 Yes\0",
    "i\0\0\0\x01X-Spam\0 Yes\0",
    "m\0\0\0\x01Subject\0 New\0",
    "m\0\0\x01\x02x-spam\0\0",
  ]);
});

test("a body goes in packets of 65,535 bytes, an empty one in one", () => {
  const sizes = (length: number) => {
    const body = Buffer.alloc(length, "x");
    const packets = packetsIn(encodeChange(bare, { kind: "replace body", body }));
    assert.ok(packets.every((packet) => packet.startsWith("b")));
    assert.equal(packets.map((packet) => packet.slice(1)).join(""), body.toString());
    return packets.map((packet) => packet.length - 1);
  };
  assert.deepEqual(sizes(0), [0]);
  assert.deepEqual(sizes(65_535), [65_535]);
  assert.deepEqual(sizes(65_536), [65_535, 1]);
  assert.deepEqual(sizes(200_000), [65_535, 65_535, 65_535, 3_395]);
});

test("replies", () => {
  assert.deepEqual(encodeReply({ kind: "accept" }), Buffer.from([0, 0, 0, 1, 0x61]));
  assert.deepEqual(packetsIn(encodeReply({ kind: "discard" })), ["d"]);
  assert.deepEqual(packetsIn(encodeReply({ kind: "refuse", text: "554 5.7.1 no" })), ["y554 5.7.1 no\0"]);
});

test("what was not offered cannot be asked for", () => {
  const agreement = { ...bare, actions: SMFIF_CHGHDRS };
  assert.equal(canChange(agreement, { kind: "delete header", index: 1, name: "x" }), true);
  assert.equal(canChange(agreement, { kind: "quarantine", reason: "" }), false);
});
