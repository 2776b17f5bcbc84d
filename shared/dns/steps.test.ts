import assert from "node:assert/strict";
import { test } from "node:test";
import { after, all, finish, type Soon, type Steps, wait } from "./steps.ts";

function* sum(values: readonly Soon<number>[]): Steps<number> {
  let total = 0;
  for (const value of values) total += yield* wait(value);
  return total;
}

test("work that waits for nothing is done at once", () => {
  assert.equal(finish(sum([1, 2, 3])), 6);
  assert.equal(
    after(1, (value) => value + 1),
    2,
  );
  assert.deepEqual(all([1, 2]), [1, 2]);
});

test("work that waits goes on where it was", async () => {
  const work = finish(sum([1, Promise.resolve(2), 3, Promise.resolve(4)]));
  assert.ok(work instanceof Promise);
  assert.equal(await work, 10);
  const next = after(Promise.resolve(1), (value) => value + 1);
  assert.ok(next instanceof Promise);
  assert.equal(await next, 2);
  assert.deepEqual(await all([1, Promise.resolve(2)]), [1, 2]);
});

test("a promise that rejects, and work that throws, reject", async () => {
  await assert.rejects(async () => finish(sum([1, Promise.reject(new Error("gone"))])), /gone/);
  function* broken(): Steps<number> {
    yield* wait(Promise.resolve(1));
    throw new Error("broken");
  }
  await assert.rejects(async () => finish(broken()), /broken/);
});
