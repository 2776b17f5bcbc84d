import assert from "node:assert/strict";
import { test } from "node:test";
import { parseExamples, readExamples } from "./model-examples.ts";

test("an example is all up to the next one", () => {
  const text = "== spam en 2006\nSubject: cheap\n\nbuy\n\nnow\n\n== ham de 2011\nSubject:\n\nbis morgen\n";
  assert.deepEqual(parseExamples("some", text), [
    { kind: "some", language: "en", year: 2006, spam: true, subject: "cheap", body: "buy\n\nnow" },
    { kind: "some", language: "de", year: 2011, spam: false, subject: "", body: "bis morgen" },
  ]);
});

test("what cannot be an example is told with its line", () => {
  for (const head of [
    "== Spam en 2006\nSubject: x",
    "== spam english 2006\nSubject: x",
    "== spam en 2006\nno subject",
  ]) {
    assert.throws(() => parseExamples("some", `== ham en 2001\nSubject: a\n\nb\n${head}\n`), /some\.txt:5: /);
  }
});

test("each file has both labels, and no mail stands there twice", () => {
  const examples = readExamples();
  const kinds = Map.groupBy(examples, ({ kind }) => kind);
  for (const [kind, of] of kinds) {
    const share = of.filter(({ spam }) => spam).length / of.length;
    assert.ok(share > 0.25 && share < 0.75, kind);
  }
  const texts = new Set(examples.map(({ subject, body }) => `${subject}\n${body}`));
  assert.equal(texts.size, examples.length);
});
