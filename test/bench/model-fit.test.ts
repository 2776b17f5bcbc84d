import assert from "node:assert/strict";
import { test } from "node:test";
import { fit } from "./model-fit.ts";
import type { Sample } from "./model-mails.ts";

const none = new Int32Array(0);
const [rare, telling, common, forbidden, cue] = [1, 2, 3, 4, 5];

/** Half of them spam. */
function written(group: string, count: number, terms: (spam: boolean, at: number) => readonly number[]): Sample[] {
  return Array.from({ length: count }, (_, at) => {
    const spam = at % 2 === 0;
    return { folder: "examples", group, spam, marks: none, terms: Int32Array.from(terms(spam, at)), phrases: none };
  });
}

function taught(examples: readonly Sample[]): ReadonlyMap<number, number> {
  return fit([], { cues: new Map([[cue, -0.5]]), excluded: new Set([forbidden]), examples }).weights;
}

test("a term counts that stands in two examples, and is no class of words", () => {
  const weights = taught(
    written("en", 60, (spam, at) => [
      ...(spam && at < 4 ? [telling, forbidden] : []),
      ...(at === 8 ? [rare] : []),
      100 + at,
    ]),
  );
  assert.ok((weights.get(telling) ?? 0) > 0.1);
  assert.equal(weights.get(forbidden), undefined);
  assert.equal(weights.get(rare), undefined);
});

test("what stands in many examples of a language tells how they were written", () => {
  const inSpam = (mails: number) => written("en", 60, (spam, at) => (spam && at < 2 * mails ? [common] : [200 + at]));
  assert.ok((taught(inSpam(6)).get(common) ?? 0) > 0.1);
  assert.equal(taught(inSpam(9)).get(common), undefined);
  // It is rare among all, and common in the language that has it.
  const many = written("en", 600, (_, at) => [1000 + at]);
  assert.equal(taught([...many, ...inSpam(9).map((sample) => ({ ...sample, group: "de" }))]).get(common), undefined);
});

test("examples may move a cue", () => {
  const weights = taught(written("en", 60, (spam, at) => (spam && at < 8 ? [cue] : [300 + at])));
  assert.ok((weights.get(cue) ?? 0) > -0.2, String(weights.get(cue)));
});
