import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTags, withoutBlanks } from "./tag-list.ts";

function values(text: string): unknown {
  const tags = parseTags(text);
  return typeof tags === "string" ? tags : Object.fromEntries([...tags].map(([name, { value }]) => [name, value]));
}

test("tags have names, values, and blanks around them that do not count", () => {
  assert.deepEqual(values(" v=1; a = rsa-sha256 ;\r\n\tb=ab\r\n cd;\tz=;"), {
    v: "1",
    a: "rsa-sha256",
    b: "ab\r\n cd",
    z: "",
  });
  assert.deepEqual(values("a=b=c; D=1; d=2"), { a: "b=c", D: "1", d: "2" });
  assert.deepEqual(values(" \t"), {});
});

test("a list with something else in it is none", () => {
  assert.equal(values("v=1; v=2"), "two tags v");
  assert.equal(values("v=1;; a=2"), "a tag without a value");
  assert.equal(values(";v=1"), "a tag without a value");
  assert.equal(values("v=1; nothing"), "a tag without a value");
  assert.equal(values("=1"), "a tag without a name");
  assert.equal(values("1a=1"), "a tag without a name");
  assert.equal(values("a b=1"), "a tag without a name");
  assert.equal(values("v=1; \xa0=1"), "a tag without a name");
});

test("a value is found where it stands, with the blanks around it", () => {
  const text = " v=1; b=\r\n\tab cd ; h=from";
  const tags = parseTags(text);
  assert.ok(typeof tags !== "string");
  const b = tags.get("b");
  assert.equal(text.slice(b?.start, b?.end), "\r\n\tab cd ");
});

test("a bomb of tags is no list", () => {
  const many = Array.from({ length: 100_000 }, (_, at) => `t${at}=1`).join(";");
  assert.equal(values(many), "more than 64 tags");
  assert.equal(values(";".repeat(1_000_000)), "a tag without a value");
});

test("only the blanks of a fold are left out", () => {
  assert.equal(withoutBlanks("a b\r\n\tc"), "abc");
  assert.equal(withoutBlanks("a\x0b\xa0b"), "a\x0b\xa0b");
});
