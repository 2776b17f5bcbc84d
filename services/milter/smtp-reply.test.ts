import assert from "node:assert/strict";
import { test } from "node:test";
import { smtpReply, tempfail } from "./smtp-reply.ts";

const cases: readonly [string, string][] = [
  ["Spam message rejected", "554 5.7.1 Spam message rejected"],
  ["", "554 5.7.1"],
  ["100% spam %s", "554 5.7.1 100%% spam %%s"],
  ["one\ntwo\r\nthree", "554-5.7.1 one\r\n554-5.7.1 two\r\n554 5.7.1 three"],
  ["one\r\n\r\n", "554 5.7.1 one"],
  ["nul\0 tab\t bell\x07", "554 5.7.1 nul  tab  bell"],
  ["für 🎁", "554 5.7.1 f?r ?"],
];
for (const [text, expected] of cases)
  test(`reply ${JSON.stringify(text)}`, () => {
    assert.equal(smtpReply("554", "5.7.1", text), expected);
  });

test("no line is longer than SMTP allows, and there are no more than a server takes", () => {
  const reply = smtpReply("554", "5.7.1", `${"%".repeat(1000)}\n`.repeat(100));
  const lines = reply.split("\r\n");
  assert.equal(lines.length, 32);
  for (const line of lines) assert.ok(line.length <= 510);
});

test("put off", () => {
  assert.deepEqual(tempfail("Try again later"), {
    changes: [],
    reply: { kind: "refuse", text: "451 4.7.1 Try again later" },
  });
});
