import assert from "node:assert/strict";
import { test } from "node:test";
import { verdictOf } from "../../test/http/verdict.ts";
import { openHistory } from "./history.ts";
import { openSymbolCounts } from "./symbol-counts.ts";

const request = { id: "1", envelope: { rcpts: [] } };
const fired = (time: number) => ({ time, request, subject: "", verdict: verdictOf() });

test("frequency is the mean of the minutes, with their deviation", () => {
  let now = 0;
  const counts = openSymbolCounts([], () => now);
  for (let hit = 0; hit < 60; hit += 1) counts.add(fired(1_000));
  now = 30_000;
  assert.equal(counts.list()[0]?.frequency, 2);
  now = 120_000;
  const [count] = counts.list();
  assert.deepEqual([count?.hits, count?.frequency], [60, 0.5]);
  assert.ok(Math.abs((count?.deviation ?? 0) - Math.SQRT1_2) < 1e-9);
  now = 120_000 + 10 * 365 * 86_400_000;
  assert.equal(counts.list()[0]?.hits, 60);
  counts.reset();
  assert.deepEqual([counts.list()[0]?.hits, counts.list()[0]?.frequency], [0, 0]);
});

test("history keeps the last 200 and shows the newest first", () => {
  const history = openHistory();
  for (let count = 0; count < 250; count += 1) {
    history.add({ time: count * 1000, request: { ...request, id: String(count) }, subject: "s", verdict: verdictOf() });
  }
  const ids = history.list(0, -1).map((row) => (row as { id: string }).id);
  assert.deepEqual([ids.length, ids[0], ids.at(-1)], [200, "249", "50"]);
  assert.equal(history.list(10, 19).length, 10);
  assert.equal(history.list(500, -1).length, 0);
});
