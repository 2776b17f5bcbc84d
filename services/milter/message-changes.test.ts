import assert from "node:assert/strict";
import { test } from "node:test";
import { simpleParser } from "mailparser";
import type { Changes } from "../../shared/verdict.ts";
import { messageChanges } from "./message-changes.ts";
import { verdictOf } from "./testing.ts";

const names = ["received", "dkim-signature", "x-spam", "subject", "x-spam", "x-spam"];
const changesOf = (changes: Partial<Changes>, action = "no action") =>
  messageChanges(verdictOf(action, {}, changes), names, "X-Spam");

test("the order of all", () => {
  const { changes } = changesOf(
    {
      removeHeaders: [{ name: "Received", index: 1 }],
      addHeaders: [{ name: "X-A", value: "1", order: -1 }],
      changeFrom: "<new@example.org>",
      addRcpts: ["add@example.org"],
      deleteRcpts: ["gone@example.org"],
      dkimSignatures: ["v=1; b=one", "v=1; b=two"],
      body: Buffer.from("new"),
    },
    "add header",
  );
  assert.deepEqual(
    changes.map((change) => [change.kind, "name" in change ? change.name : "", "index" in change ? change.index : ""]),
    [
      ["delete header", "received", 1],
      ["delete header", "x-spam", 3],
      ["delete header", "x-spam", 2],
      ["delete header", "x-spam", 1],
      ["add header", "X-A", ""],
      ["change from", "", ""],
      ["add rcpt", "", ""],
      ["delete rcpt", "", ""],
      ["insert header", "DKIM-Signature", 1],
      ["insert header", "DKIM-Signature", 2],
      ["add header", "X-Spam", ""],
      ["replace body", "", ""],
    ],
  );
});

test("removal by number: from 1, from the end, all, none; each once, the last first", () => {
  const removed = (...indices: number[]) =>
    changesOf({ removeHeaders: indices.map((index) => ({ name: "X-Spam", index })) }).changes.map((change) =>
      "index" in change ? change.index : 0,
    );
  assert.deepEqual(removed(1), [1]);
  assert.deepEqual(removed(-1), [3]);
  assert.deepEqual(removed(1, -3, 2), [2, 1]);
  assert.deepEqual(removed(0, 1), [3, 2, 1]);
  assert.deepEqual(removed(4), []);
  assert.deepEqual(removed(-4), []);
});

test("places: from the top, from the end, and in order at the same place", () => {
  const at = (order: number, name = "X-A") => ({ name, value: "1", order });
  const indices = (...orders: number[]) =>
    changesOf({ addHeaders: orders.map((order) => at(order)) }).changes.map((change) =>
      change.kind === "insert header" ? change.index : "end",
    );
  assert.deepEqual(indices(0), [0]);
  assert.deepEqual(indices(1, 1, 1), [1, 2, 3]);
  assert.deepEqual(indices(-1), ["end"]);
  // Six headers and the server's own before them: the last has place 6.
  assert.deepEqual(indices(-2), [6]);
  assert.deepEqual(indices(-100), [0]);
  assert.deepEqual(indices(-1, -2), ["end", 7]);
});

test("headers that cannot be sent are named, the others go", () => {
  const { changes, dropped } = changesOf({
    addHeaders: [
      { name: "X A", value: "1", order: -1 },
      { name: "X-Long", value: "x".repeat(70_000), order: 0 },
      { name: "X-B", value: "1\r\nBcc: b@example.org", order: -1 },
    ],
  });
  assert.deepEqual(changes, [{ kind: "add header", name: "X-B", value: "1\n\tBcc: b@example.org" }]);
  assert.deepEqual(dropped, ['header "X A"', 'header "X-Long"']);
});

test("addresses that are none are left out; only a sender may be null", () => {
  const { changes, dropped } = changesOf({
    changeFrom: "",
    addRcpts: ["", "a>\r\n"],
    deleteRcpts: ["b c@example.org"],
  });
  assert.deepEqual(changes, [{ kind: "change from", address: "" }]);
  assert.equal(dropped.length, 3);
});

/** The subject as another mail reader sees it. */
async function readSubject(subject: string): Promise<string | undefined> {
  const { changes } = messageChanges(verdictOf("rewrite subject", { subject }), names, "X-Spam");
  const change = changes[0];
  assert.ok(change?.kind === "change header" && change.name === "Subject");
  return (await simpleParser(`Subject: ${change.value.replaceAll("\n", "\r\n")}\r\n\r\nbody\r\n`)).subject;
}

for (const subject of [
  "*** SPAM *** Hello  you",
  "*** SPAM *** Grüße aus Köln",
  "日本語の件名".repeat(20),
  "🎁".repeat(50),
  "looks like =?UTF-8?Q?a_word?=",
  "word ".repeat(60).trim(),
])
  test(`a rewritten subject reads as it was: ${subject.slice(0, 30)}`, async () => {
    assert.equal(await readSubject(subject), subject);
  });

test("a rewritten subject adds no header of its own", async () => {
  assert.equal(await readSubject("a\r\nBcc: b@example.org\0"), "a Bcc: b@example.org");
});
