import assert from "node:assert/strict";
import { test } from "node:test";
import { seldom } from "./seldom.ts";

test("once, then not before its time", (t) => {
  let time = 1_000;
  t.mock.method(performance, "now", () => time);
  const mayTell = seldom(50);
  assert.deepEqual([mayTell(), mayTell()], [true, false]);
  time += 49;
  assert.equal(mayTell(), false);
  time += 1;
  assert.deepEqual([mayTell(), mayTell()], [true, false]);
});
