import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, argsOf, isAddress } from "./path.ts";

const addresses: readonly [string, string | null][] = [
  ["<a@example.org>", "a@example.org"],
  ["a@example.org", "a@example.org"],
  ["<>", ""],
  ["<postmaster>", "postmaster"],
  ['<"a > b"@example.org>', '"a > b"@example.org'],
  ["<@one.example,@two.example:a@example.org>", "a@example.org"],
  ["<a@example.org", null],
  ["a@example.org>", null],
  ["<a b@example.org>", null],
  ["<a@example.org> <b@example.org>", null],
  ["<a\r\nRCPT TO:<b@example.org>", null],
  ['<"a@example.org>', null],
  [`<${"a".repeat(2000)}@example.org>`, null],
];

for (const [path, address] of addresses)
  test(`path ${JSON.stringify(path.slice(0, 60))}`, () => {
    assert.equal(addressOf(path), address);
  });

test("parameters", () => {
  const args = argsOf(["SIZE=100", "smtputf8", "ORCPT=rfc822;a=b", "__proto__=x"]);
  assert.deepEqual(Object.entries(args), [
    ["SIZE", "100"],
    ["SMTPUTF8", ""],
    ["ORCPT", "rfc822;a=b"],
    ["__PROTO__", "x"],
  ]);
});

test("an address stays within its brackets", () => {
  assert.equal(isAddress("a@example.org"), true);
  for (const wrong of ["a>", "a b", "a\nb", "a\0b", '"open']) assert.equal(isAddress(wrong), false, wrong);
});
