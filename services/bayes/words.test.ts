import assert from "node:assert/strict";
import { test } from "node:test";
import { hashText, mostWords, Words } from "./words.ts";

function read(text: string, most = mostWords) {
  const words = new Words();
  words.read(text, most);
  return Array.from({ length: words.count }, (_, i) => words.wordAt(i));
}

function hashes(text: string): number[] {
  const words = new Words();
  words.read(text, mostWords);
  return [...words.hashes.slice(0, words.count)];
}

test("words are what stands between blanks and stops", () => {
  assert.deepEqual(read("Hello, world! It's 50% off - call (0)800-123."), [
    "hello",
    "world!",
    "it's",
    "50%",
    "off",
    "call",
    "0",
    "800-123",
  ]);
  assert.deepEqual(read("see www.example.org/a_b now."), ["see", "www.example.org/a_b", "now"]);
  assert.deepEqual(read(""), []);
  assert.deepEqual(read("one two three", 2), ["one", "two"]);
});

test("letters of any script make words; signs and characters of scripts without spaces are words", () => {
  assert.deepEqual(read("Grüße aus Москва"), ["grüße", "aus", "москва"]);
  assert.deepEqual(read("買う now"), ["買", "う", "now"]);
  assert.deepEqual(read("5€ 🎁 gift"), ["5", "€", "🎁", "gift"]);
});

test("a word in other dress has the same hash", () => {
  const [plain] = hashes("free");
  for (const text of ["FREE", "Free", "ｆｒｅｅ", "𝐟𝐫𝐞𝐞", "f\u200bre\u00ade", "ＦＲ\ufeffＥＥ"]) {
    assert.deepEqual(hashes(text), [plain], text);
  }
  // Composed and decomposed.
  assert.deepEqual(hashes("caf\u00e9"), hashes("cafe\u0301"));
  assert.notDeepEqual(hashes("free"), hashes("fre"));
});

test("capitals are told apart from small letters, not from short words", () => {
  const words = new Words();
  words.read("FREE free Free ok OK ÉTÉ", mostWords);
  assert.deepEqual([...words.loud.slice(0, words.count)], [1, 0, 0, 0, 0, 1]);
});

test("what is endless is cut", () => {
  assert.deepEqual(hashes("a".repeat(1000)), hashes("a".repeat(5000)));
  assert.equal(read("x ".repeat(mostWords + 100)).length, mostWords);
  assert.deepEqual(hashes("é".repeat(1000)), hashes("é".repeat(5000)));
  assert.equal(hashes("\ud800 \udc00 \ud83d").length, 0);
});

test("hashes spread", () => {
  const seen = new Set(Array.from({ length: 20_000 }, (_, i) => hashText(`word${i}`) >>> 7));
  // 20,000 in 33 million: about 6 meet by chance.
  assert.ok(seen.size > 19_960, `${seen.size}`);
});
