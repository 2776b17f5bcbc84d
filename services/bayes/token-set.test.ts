import assert from "node:assert/strict";
import { test } from "node:test";
import { mark, mostTokens, TokenSet, tokenBits } from "./token-set.ts";
import { hashText, Words } from "./words.ts";

function named(fill: (set: TokenSet) => void, owner = 0): string[] {
  const set = new TokenSet({ named: true });
  set.clear(owner);
  fill(set);
  return [...(set.names ?? [])];
}

function wordsOf(text: string): Words {
  const words = new Words();
  words.read(text, 100);
  return words;
}

test("words count alone and in pairs, next to each other and with one between", () => {
  const body = { name: "", seed: 0, twice: false };
  assert.deepEqual(
    named((set) => set.addWords(wordsOf("buy CHEAP pills"), body)),
    ["buy", "cheap", "cheap (in capitals)", "buy cheap", "pills", "cheap pills", "buy _ pills"],
  );
});

test("marks of different kinds are kept apart, and each counts once", () => {
  const [from, to] = [
    { ...mark("from"), twice: false },
    { ...mark("to"), twice: false },
  ];
  const fill = (set: TokenSet) => {
    set.addMark(from, "a");
    set.addMark(to, "a");
    set.addMark(from, "a");
  };
  assert.deepEqual(named(fill), ["from: a", "to: a"]);
  const set = new TokenSet();
  set.clear(0);
  fill(set);
  assert.equal(set.size, 2);
  assert.ok(set.tokens.slice(0, 2).every((token) => token < 2 ** tokenBits));
  set.clear(0);
  assert.equal(set.size, 0);
});

test("an owner's tokens count beside those of all", () => {
  const fill = (set: TokenSet) => set.addMark(mark("from"), "a");
  const names = ["from: a", "from: a (own)"];
  assert.deepEqual(named(fill, 7), [...names, ...names]);
});

test("a mark of the make of a mail is two tokens", () => {
  const set = new TokenSet({ named: true });
  set.clear(0);
  set.addMark(mark("from"), "a");
  assert.deepEqual(set.names, ["from: a", "from: a"]);
  assert.equal(new Set(set.tokens.slice(0, set.size)).size, 2);
});

test("a set takes so many tokens and no more", () => {
  const set = new TokenSet();
  set.clear(0);
  for (let i = 0; i < 3 * mostTokens; i++) set.add(hashText(String(i)), "");
  assert.equal(set.size, mostTokens);
  assert.equal(new Set(set.tokens).size, mostTokens);
});
