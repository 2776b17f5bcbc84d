import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "./fuzz.ts";
import { openRandom } from "./random.ts";

test("ten seconds of input from hell hurt nothing", { timeout: 120_000 }, async () => {
  const { inputs, failures } = await run({ seed: 7, seconds: 10 });
  assert.deepEqual(
    failures.map(({ target, input, why }) => [target, why, input.toString("base64", 0, 3000)]),
    [],
  );
  for (const target of ["analysis", "http", "milter"]) assert.ok((inputs[target] ?? 0) > 0, `${target} was not fed`);
});

test("a seed gives the same numbers again", () => {
  const [one, other] = [openRandom(5), openRandom(5)];
  assert.deepEqual(one.bytes(100), other.bytes(100));
  assert.notDeepEqual(openRandom(6).bytes(100), openRandom(5).bytes(100));
});
