import assert from "node:assert/strict";
import { test } from "node:test";
import { isHeaderName } from "./header-field.ts";

test("names", () => {
  for (const name of ["X-Spam", "a", "X-Spam_Status!"]) assert.equal(isHeaderName(name), true, name);
  for (const name of ["", "X Spam", "X-Spam:", "X\r\nBcc", "X\0", "Ü", "x".repeat(256)])
    assert.equal(isHeaderName(name), false, name);
});
