import assert from "node:assert/strict";
import { test } from "node:test";
import { mixture } from "./scripts.ts";

test("alphabets within words", () => {
  const mixed = "\u0440\u0430y\u0440al";
  assert.ok(mixture(mixed, 10, 1) > 0.4);
  assert.equal(mixture(mixed, 3, 1), 0);
  assert.equal(mixture(mixed, 10, 2), 0);
  for (const text of [
    "paypal",
    "\u043f\u0440\u0438\u0432\u0435\u0442 Linux",
    "na\u00efve",
    "\u65e5\u672c\u3067Linux",
    "10\u00b5m",
    "",
  ]) {
    assert.equal(mixture(text, 10, 1), 0, text);
  }
});
