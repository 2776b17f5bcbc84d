import assert from "node:assert/strict";
import { test } from "node:test";
import { watchSecrets } from "./secret-watch.ts";

test("secrets in a text: whole, cut short, in other letters, short ones", () => {
  const givesAway = watchSecrets(["correct horse", "pw1", ""]);
  for (const text of ["no CORRECT HORSE here", "'correct ...", "rect horse", "PW1"]) assert.ok(givesAway(text), text);
  for (const text of ["", "535 5.7.8 authentication failed", "correct", "pw 1"]) assert.ok(!givesAway(text), text);
  assert.equal(watchSecrets([])("anything"), false);
});
