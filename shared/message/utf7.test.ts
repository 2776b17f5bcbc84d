import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeUtf7 } from "./utf7.ts";

const read = (text: string, mailbox = false) => decodeUtf7(Buffer.from(text, "latin1"), mailbox);

test("the examples of the RFCs", () => {
  assert.equal(read("A+ImIDkQ."), "A\u2262\u0391.");
  assert.equal(read("Hi Mom -+Jjo--!"), "Hi Mom -\u263a-!");
  assert.equal(read("+ZeVnLIqe-"), "\u65e5\u672c\u8a9e");
  assert.equal(read("Item 3 is +AKM-1."), "Item 3 is \u00a31.");
  assert.equal(read("~peter/mail/&U,BTFw-/&ZeVnLIqe-", true), "~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e");
});

test("signs that stand for themselves, and runs that end too early", () => {
  assert.equal(read("1 +- 1"), "1 + 1");
  assert.equal(read("a & b &- c", true), "a  b & c");
  assert.equal(read("+"), "");
  assert.equal(read("+A"), "");
  assert.equal(read("+AGEA"), "a");
  assert.equal(read("x+AGE"), "xa");
});

test("a megabyte of shifts is read", () => {
  assert.equal(read("+AGE-".repeat(200_000)).length, 200_000);
  assert.equal(read(">+".repeat(500_000)).length, 500_000);
});
