import assert from "node:assert/strict";
import { test } from "node:test";
import { classNames } from "./word-class.ts";
import { mostWords, newStyle, newWords, type Words } from "./word-list.ts";
import { mostUnits, readWords } from "./words.ts";

function read(text: string, quoted = false): Words {
  const words = newWords();
  words.style = newStyle();
  readWords(text, words, quoted);
  return words;
}

/** What each word is: its class, or as it stands. */
function shown(text: string, quoted = false): string[] {
  const { hash, start, end, count } = read(text, quoted);
  return Array.from(
    { length: count },
    (_, i) => classNames.get(hash[i] ?? 0) ?? text.slice(start[i], end[i]).toLowerCase(),
  );
}

const hashesOf = (text: string): readonly number[] => {
  const { hash, count } = read(text);
  return [...hash.subarray(0, count)];
};

test("words stand where they are, numbers, links and addresses are classes", () => {
  assert.deepEqual(shown("Hello, dear Alice!"), ["hello", "dear", "alice"]);
  assert.deepEqual(shown("see http://a.example/x?y=1 or www.b.example, write to c@d.example"), [
    "see",
    "(link)",
    "or",
    "(link)",
    "write",
    "to",
    "(address)",
  ]);
  assert.deepEqual(shown("$1,000.50 and 20% off 3 of 2026"), [
    "(amount of money)",
    "and",
    "(percentage)",
    "off",
    "(number)",
    "of",
    "(year)",
  ]);
});

test("capitals, accents and apostrophes make no other word", () => {
  assert.deepEqual(hashesOf("VÍAGRA"), hashesOf("viagra"));
  assert.deepEqual(hashesOf("don't don’t"), hashesOf("dont dont"));
  assert.notDeepEqual(hashesOf("form"), hashesOf("from"));
});

test("digits and dots that stand for letters, or between them, hide no word", () => {
  assert.deepEqual(hashesOf("v1agra"), hashesOf("viagra"));
  assert.deepEqual(hashesOf("v.i.a.g.r.a"), hashesOf("viagra"));
  assert.equal(read("v.i.a.g.r.a").style.spelled, 1);
  assert.deepEqual(hashesOf("via\u200bgra"), hashesOf("viagra"));
  assert.equal(read("via\u200bgra").style.invisible, 1);
});

test("each sign of a script without blanks is a word", () => {
  assert.equal(read("代开发票").count, 4);
});

test("full-width digits are digits", () => {
  assert.deepEqual(hashesOf("\uff11\uff12\uff13"), hashesOf("123"));
});

test("quotes, who is quoted, and signatures are counted and not read, unless they are wanted", () => {
  const text = "I agree.\n\nOn Monday, Bob wrote:\n> Shall we?\n-- \nAlice, tel 123\n";
  assert.deepEqual(shown(text), ["i", "agree"]);
  const { style } = read(text);
  assert.deepEqual([style.quotedLines, style.attributions, style.signatures], [1, 1, 1]);
  assert.deepEqual(shown(text, true), ["i", "agree", "shall", "we", "alice", "tel", "(number)"]);
});

test("a line of dashes ends a text only near its end", () => {
  assert.deepEqual(shown(`above\n${"-".repeat(30)}\n${"below ".repeat(200)}`).length, 201);
});

test("a number that goes on and on is not read to its end again for each of its groups", () => {
  const { start, end, count } = read(`${"41.2.".repeat(2_000)}a`);
  assert.deepEqual([start[0], end[0], start[1]], [0, 64, 65]);
  assert.ok(count > 100 && count < 200);
});

test("limits hold, whatever the text is", () => {
  assert.equal(read("a b ".repeat(10_000)).count, mostWords);
  assert.equal(read("x".repeat(100_000)).style.units, mostUnits);
  const units = Array.from({ length: 4_000 }, (_, i) => String.fromCharCode((i * 7_919) % 0x10000)).join("");
  for (let from = 0; from < units.length; from += 13) {
    const { count, end } = read(units.slice(from));
    assert.ok(count <= mostWords && (end[Math.max(0, count - 1)] ?? 0) <= units.length);
  }
});
