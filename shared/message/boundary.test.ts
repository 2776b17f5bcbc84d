import assert from "node:assert/strict";
import { test } from "node:test";
import { guessBoundary, splitBody } from "./boundary.ts";

function split(body: string, boundary = "b", limit = 10) {
  const source = `head\n${body}`;
  const { ranges, closed, limited } = splitBody(source, 5, source.length, boundary, limit);
  return { parts: ranges.map(({ start, end }) => source.slice(start, end)), closed, limited };
}

test("parts between boundary lines", () => {
  assert.deepEqual(split("--b\none\n--b\r\ntwo\r\n--b--\nrest"), {
    parts: ["one", "two"],
    closed: true,
    limited: false,
  });
  assert.deepEqual(split("preamble\n\n--b  \none\n\n--b--junk"), { parts: ["one\n"], closed: true, limited: false });
  assert.deepEqual(split("--b\n--b\n--b--").parts, ["", ""]);
});

test("lines that are none", () => {
  assert.deepEqual(split("--bc\nx\n --b\n-b\ntext --b\n").parts, []);
  assert.deepEqual(split("--b\none\n--bc\ntwo\n--b-\n").parts, ["one\n--bc\ntwo\n--b-\n"]);
  assert.deepEqual(split("--b--\nnothing").parts, []);
});

test("a missing end, and too many parts", () => {
  assert.deepEqual(split("--b\none"), { parts: ["one"], closed: false, limited: false });
  assert.deepEqual(split("--b\none\n--b"), { parts: ["one", ""], closed: false, limited: false });
  assert.deepEqual(split("--b\n1\n--b\n2\n--b\n3\n", "b", 2), { parts: ["1", "2"], closed: true, limited: true });
});

test("a search ends with the body", () => {
  const source = "--b\none\n--x\n--b\n";
  assert.deepEqual(splitBody(source, 0, 7, "x", 10).ranges, []);
});

test("a boundary that nobody named", () => {
  const guess = (body: string) => guessBoundary(body, 0, body.length);
  assert.equal(guess("text\n--= Part 1 \r\nContent-Type: text/plain\n"), "= Part 1");
  assert.equal(guess("----=_x\ncontent-id: 1\n"), "--=_x");
  assert.equal(guess("-- \nContent with you,\nJoe"), "");
  assert.equal(guess(""), "");
});
