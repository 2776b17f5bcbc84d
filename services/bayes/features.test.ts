import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../../shared/fault.ts";
import { openRandom } from "../../test/fuzz/random.ts";
import { readFeatures, withStrength, writeFeatures } from "./features.ts";
import { mostTokens, tokenBits } from "./token-set.ts";

function tokensOf(count: number, seed: number): Uint32Array {
  const random = openRandom(seed);
  const tokens = new Set<number>();
  while (tokens.size < count) tokens.add(random.below(2 ** tokenBits));
  return Uint32Array.from(tokens).sort();
}

test("features come back as they were", () => {
  const edge = Uint32Array.of(0, 1, 2 ** tokenBits - 2, 2 ** tokenBits - 1);
  const many = [0, 1, 2, 30, 700, 3000, mostTokens].map((count, seed) => tokensOf(count, seed));
  const crowded = Uint32Array.from({ length: 500 }, (_, i) => 1_000_000 + i);
  for (const tokens of [edge, crowded, ...many]) {
    const features = { strength: 12_345, halvings: 200, tokens };
    assert.deepEqual(readFeatures(writeFeatures(features)), features);
  }
});

test("an average mail takes about 1.6 KB", () => {
  assert.ok(writeFeatures({ strength: 0, halvings: 0, tokens: tokensOf(750, 1) }).length < 1650);
});

test("the strength can be changed, and nothing else with it", () => {
  const bytes = writeFeatures({ strength: 0, halvings: 0, tokens: tokensOf(100, 2) });
  const changed = withStrength(bytes, 65_535, 257);
  assert.deepEqual(readFeatures(changed), { strength: 65_535, halvings: 1, tokens: tokensOf(100, 2) });
  assert.equal(readFeatures(bytes).strength, 0);
});

test("bytes that are no features are a fault, never more", () => {
  const bytes = writeFeatures({ strength: 1, halvings: 0, tokens: tokensOf(300, 3) });
  const random = openRandom(4);
  for (let i = 0; i < 2000; i++) {
    const broken = bytes.slice(0, random.once(2) ? random.below(bytes.length) : bytes.length);
    for (let n = random.below(4); n >= 0 && broken.length > 0; n--)
      broken[random.below(broken.length)] = random.below(256);
    try {
      readFeatures(broken);
    } catch (thrown) {
      assert.ok(thrown instanceof Fault && thrown.code === "bad-input", String(thrown));
    }
  }
});
