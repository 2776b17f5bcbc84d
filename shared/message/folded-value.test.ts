import assert from "node:assert/strict";
import { test } from "node:test";
import { foldedValue } from "./folded-value.ts";

const values: readonly [string, string][] = [
  ["plain", "plain"],
  ["one\r\n two\n\tthree", "one\n two\n\tthree"],
  ["injected\r\nBcc: victim@example.org", "injected\n\tBcc: victim@example.org"],
  ["injected\rBcc: victim@example.org", "injected\n\tBcc: victim@example.org"],
  ["end\r\n\r\nbody", "end\n\tbody"],
  ["end\r\n \r\n body", "end\n body"],
  ["nul\0byte", "nulbyte"],
  ["last\r\n", "last"],
  ["grün", "grün"],
];
for (const [value, expected] of values)
  test(`value ${JSON.stringify(value)}`, () => {
    assert.equal(foldedValue(value), expected);
  });

test("a value that fits no packet", () => {
  assert.equal(foldedValue("x".repeat(60_001)), null);
});
