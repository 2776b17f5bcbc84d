import assert from "node:assert/strict";
import { test } from "node:test";
import { openPause } from "./pause.ts";

test("none at first, then growing, never over half a minute, and from the start again after a sound life", () => {
  const pause = openPause();
  const pauses = Array.from({ length: 2000 }, () => pause.after(10));
  assert.deepEqual(pauses.slice(0, 5), [0, 100, 200, 400, 800]);
  assert.deepEqual([pauses.at(-2), pauses.at(-1)], [30_000, 30_000]);
  assert.equal(pause.after(60_000), 0);
  assert.equal(pause.after(10), 100);
});
