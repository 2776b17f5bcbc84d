import assert from "node:assert/strict";
import { test } from "node:test";
import { isFieldName } from "./field-name.ts";

test("names of header fields", () => {
  for (const name of ["X-Spam", "a", "X-Spam_Status!", "x".repeat(128)]) assert.equal(isFieldName(name), true, name);
  for (const name of ["", "X Spam", "X-Spam:", "X\r\nBcc", "X\n", "X\0", "Ü", "x".repeat(129)])
    assert.equal(isFieldName(name), false, name);
});
