import assert from "node:assert/strict";
import { test } from "node:test";
import { Ahead } from "./ahead.ts";

test("what is on its way counts until it has arrived", () => {
  const ahead = new Ahead();
  const counters = Uint16Array.of(5, 0, 7);
  const one = ahead.expect(Uint32Array.of(0, 1), 3);
  const other = ahead.expect(Uint32Array.of(1, 2), -10);
  assert.deepEqual(
    [0, 1, 2].map((cell) => ahead.of(counters, cell)),
    [8, 0, 0],
  );
  one();
  assert.deepEqual(
    [0, 1, 2].map((cell) => ahead.of(counters, cell)),
    [5, 0, 0],
  );
  assert.ok(!ahead.isEmpty);
  other();
  assert.deepEqual(
    [0, 1, 2].map((cell) => ahead.of(counters, cell)),
    [5, 0, 7],
  );
  assert.ok(ahead.isEmpty);
});
