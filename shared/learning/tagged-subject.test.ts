import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "../message/analyse.ts";
import type { Headers } from "../task.ts";
import { withoutSubjectTag } from "./tagged-subject.ts";

function headersOf(subject: string): Headers {
  return analyse(Buffer.from(`From: a@example.org\nSubject: ${subject}\n\nHello\n`)).headers;
}

test("what a filter wrote before a subject is taken away, in all places", () => {
  const plain = headersOf("Cheap pills");
  for (const tag of [
    "*** SPAM ***",
    "*****SPAM*****",
    "[SPAM]",
    "[SPAM 7.30]",
    "***SPAM(12.3)***",
    "{Spam?}",
    "[Suspected Spam]",
    "_SPAM_",
    "SPAM:",
    "[SPAM] *** SPAM ***",
  ]) {
    assert.deepEqual(withoutSubjectTag(headersOf(`${tag} Cheap pills`)), plain, tag);
  }
  const encoded = withoutSubjectTag(headersOf(`=?utf-8?B?${Buffer.from("*** SPAM *** Grüße").toString("base64")}?=`));
  assert.deepEqual([encoded.subject, encoded.fields[1]?.value], ["Grüße", "Grüße"]);
  assert.equal(withoutSubjectTag(headersOf("*** SPAM ***")).subject, "");
});

test("what a sender wrote stays", () => {
  for (const subject of [
    "[spamassassin-users] a rule",
    "[Junkyard] Sale",
    "No spam, please",
    "*** Hello ***",
    "",
    "[]",
  ]) {
    const headers = headersOf(subject);
    assert.equal(withoutSubjectTag(headers), headers, subject);
  }
});
