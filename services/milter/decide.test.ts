import assert from "node:assert/strict";
import { test } from "node:test";
import { decide } from "./decide.ts";
import { verdictOf } from "./testing.ts";

const options = {
  discardOnReject: false,
  quarantineOnReject: false,
  spamHeader: "X-Spam",
  rejectMessage: "Spam message rejected",
  quarantineMessage: "Spam message quarantined",
  tempfailMessage: "Try again later",
};
const accept = { kind: "accept" };
const refuse = (text: string) => ({ kind: "refuse", text });

test("reject: the configured text, or that of the verdict", () => {
  assert.deepEqual(decide(verdictOf("reject"), [], options).reply, refuse("554 5.7.1 Spam message rejected"));
  const { reply } = decide(verdictOf("reject", { message: "Gtube pattern" }), [], options);
  assert.deepEqual(reply, refuse("554 5.7.1 Gtube pattern"));
});

test("reject: discarded or quarantined instead", () => {
  assert.deepEqual(decide(verdictOf("reject"), [], { ...options, discardOnReject: true }), {
    changes: [],
    reply: { kind: "discard" },
  });
  const { changes, reply } = decide(verdictOf("reject"), [], { ...options, quarantineOnReject: true });
  assert.deepEqual(changes, [{ kind: "quarantine", reason: "Spam message quarantined" }]);
  assert.deepEqual(reply, accept);
});

test("soft reject defers, greylist never does", () => {
  assert.deepEqual(decide(verdictOf("soft reject"), [], options).reply, refuse("451 4.7.1 Try again later"));
  const message = "Greylisted, please try again later";
  assert.deepEqual(decide(verdictOf("soft reject", { message }), [], options).reply, refuse(`451 4.7.1 ${message}`));
  assert.deepEqual(decide(verdictOf("greylist", { message }), [], options).reply, accept);
  assert.deepEqual(decide(verdictOf("greylist"), [], options).reply, accept);
});

test("quarantine: its reason is one line", () => {
  const { changes, reply } = decide(verdictOf("quarantine", { message: "virus\r\nfound" }), [], options);
  assert.deepEqual(changes, [{ kind: "quarantine", reason: "virus found" }]);
  assert.deepEqual(reply, accept);
});

test("discard", () => {
  assert.deepEqual(decide(verdictOf("discard"), [], options).reply, { kind: "discard" });
});

test("no action and custom actions: accepted, with the changes of the verdict", () => {
  const changes = { addHeaders: [{ name: "X-A", value: "1", order: -1 }] };
  for (const action of ["no action", "greylist", "move to archive"]) {
    const decision = decide(verdictOf(action, {}, changes), [], options);
    assert.deepEqual(decision.reply, accept);
    assert.deepEqual(decision.changes, [{ kind: "add header", name: "X-A", value: "1" }]);
  }
});

test("add header: every copy goes, one comes", () => {
  const { changes, reply } = decide(verdictOf("add header"), ["x-spam", "subject", "x-spam"], options);
  assert.deepEqual(changes, [
    { kind: "delete header", name: "x-spam", index: 2 },
    { kind: "delete header", name: "x-spam", index: 1 },
    { kind: "add header", name: "X-Spam", value: "Yes" },
  ]);
  assert.deepEqual(reply, accept);
});

test("add header: name from the configuration, value from the verdict", () => {
  const { changes } = decide(verdictOf("add header", {}, { spamHeader: "Junk" }), [], {
    ...options,
    spamHeader: "X-J",
  });
  assert.deepEqual(changes, [{ kind: "add header", name: "X-J", value: "Junk" }]);
});

test("rewrite subject", () => {
  const verdict = verdictOf("rewrite subject", { subject: "***SPAM*** grün" });
  const value = "=?UTF-8?B?KioqU1BBTSoqKiBncsO8bg==?=";
  assert.deepEqual(decide(verdict, ["from", "subject"], options).changes, [
    { kind: "change header", index: 1, name: "Subject", value },
  ]);
  assert.deepEqual(decide(verdict, ["from"], options).changes, [{ kind: "add header", name: "Subject", value }]);
  // A second one must not show what the first one no longer does.
  const both = [1, 2].map((index) => ({ kind: "change header", index, name: "Subject", value }));
  assert.deepEqual(decide(verdict, ["subject", "from", "subject"], options).changes, both);
  const removing = { ...verdict, changes: { ...verdict.changes, removeHeaders: [{ name: "Subject", index: 1 }] } };
  assert.deepEqual(decide(removing, ["subject", "from", "subject"], options).changes, [
    { kind: "delete header", index: 2, name: "subject" },
    { kind: "delete header", index: 1, name: "subject" },
    { kind: "add header", name: "Subject", value },
  ]);
});
