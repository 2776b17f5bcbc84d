import assert from "node:assert/strict";
import { test } from "node:test";
import { countWords, editDistance, wordDistance } from "./word-distance.ts";

test("edit distance is bounded by the longest label", () => {
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(editDistance("", "abc"), 3);
  assert.equal(editDistance("a".repeat(1e6), "b".repeat(1e6)), 63);
});

test("words are counted without case, punctuation and URLs", () => {
  const { counts, total } = countWords("Hello, hello (World)! https://example.org/x a@example.org www.example.org", 10);
  assert.deepEqual([Object.fromEntries(counts), total], [{ hello: 2, world: 1 }, 3]);
  assert.equal(countWords("word ".repeat(1000), 10).total, 10);
  const of = (text: string) => countWords(text, 100).counts;
  assert.equal(wordDistance(of("a b c d"), of("a b c d")), 0);
  assert.equal(wordDistance(of("a b"), of("c d")), 1);
  assert.equal(wordDistance(of("a b"), of("b c")), 0.5);
  assert.equal(wordDistance(of(""), of("")), 0);
});
