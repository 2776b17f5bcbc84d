import assert from "node:assert/strict";
import { test } from "node:test";
import { Delays } from "./delays.ts";

test("clocks that differ are no delay, whichever way", () => {
  for (const skew of [0, 60_000, -60_000]) {
    const delays = new Delays();
    for (let now = 0; now < 100_000; now += 1_000) assert.equal(delays.of("a", now + skew - 5, now), 0);
  }
});

test("what lay still is late by as much; what comes after it is not", () => {
  const delays = new Delays();
  delays.of("a", 1_000, 1_001);
  assert.equal(delays.of("a", 2_000, 32_001), 30_000);
  assert.equal(delays.of("a", 30_000, 32_001), 2_000);
  assert.equal(delays.of("a", 32_002, 32_003), 0);
});

test("a clock that is set back looks late for a while, and no longer", () => {
  const delays = new Delays();
  for (let now = 0; now < 30_000; now += 1_000) delays.of("a", now, now);
  const after = (now: number) => delays.of("a", now - 60_000, now);
  assert.equal(after(30_000), 60_000);
  for (let now = 31_000; now < 60_000; now += 1_000) after(now);
  assert.equal(after(60_000), 0);
});

test("senders have clocks of their own, and only so many are remembered", () => {
  const delays = new Delays();
  delays.of("a", 0, 0);
  assert.equal(delays.of("b", 0, 5_000), 0);
  assert.equal(delays.of("a", 0, 5_000), 5_000);
  for (let i = 0; i < 1000; i++) delays.of(`sender ${i}`, 0, 0);
  assert.equal(delays.of("a", 0, 9_000), 0);
  assert.equal(delays.of("a", Number.NaN, 0), 0);
});
