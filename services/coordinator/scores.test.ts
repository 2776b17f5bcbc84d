import assert from "node:assert/strict";
import { test } from "node:test";
import type { Hit } from "../../shared/check.ts";
import { type GroupCap, grow, score, type Weight, type Weights } from "./scores.ts";

function weights(
  known: Readonly<Record<string, Partial<Weight>>>,
  caps: Readonly<Record<string, GroupCap>> = {},
  shares: Readonly<Record<string, number>> = {},
): Weights {
  const none: Weight = { score: 0, about: "", groups: [], shots: 1, factor: 1 };
  return {
    of: (symbol) => ({ ...none, ...known[symbol] }),
    caps: new Map(Object.entries(caps)),
    shares: new Map(Object.entries(shares)),
    taught: new Set(["BAYES_SPAM", "BAYES_HAM"]),
  };
}

test("weight times factor, bounded by the declared factor", () => {
  const hits: Hit[] = [
    { symbol: "A", factor: 0.5 },
    { symbol: "B", factor: 7 },
    { symbol: "C", factor: Number.NaN },
  ];
  const scored = score(hits, weights({ A: { score: 3 }, B: { score: 2, factor: 3 }, C: { score: 9 } }));
  assert.deepEqual(
    scored.symbols.map(({ name, score }) => [name, score]),
    [
      ["A", 1.5],
      ["B", 6],
      ["C", 0],
    ],
  );
  assert.equal(scored.score, 7.5);
});

test("shots add up to their number, then only a larger one counts", () => {
  const hit = (factor: number): Hit => ({ symbol: "A", factor });
  assert.equal(score([hit(1), hit(1), hit(1)], weights({ A: { score: 2, shots: 2 } })).score, 4);
  assert.equal(score([hit(0.2), hit(1)], weights({ A: { score: 2 } })).score, 2);
  assert.equal(score([hit(1), hit(0.2)], weights({ A: { score: 2 } })).score, 2);
});

test("a group's cap holds whatever the order of the answers", () => {
  const known = weights(
    { A: { score: 5, groups: ["g"] }, B: { score: 4, groups: ["g"] }, C: { score: -1, groups: ["g"] } },
    { g: { max: 8 } },
  );
  const hits: Hit[] = [{ symbol: "A" }, { symbol: "B" }, { symbol: "C" }];
  const there = score(hits, known);
  const back = score([...hits].reverse(), known);
  assert.equal(there.score, 7);
  assert.deepEqual(there, back);
  assert.deepEqual(there.groups, { g: 7 });
});

test("a cap that is reached keeps the symbol at 0", () => {
  const known = weights({ A: { score: 8, groups: ["g"] }, B: { score: 4, groups: ["g"] } }, { g: { max: 8 } });
  const scored = score([{ symbol: "B" }, { symbol: "A" }], known);
  assert.deepEqual(
    scored.symbols.map((s) => s.score),
    [8, 0],
  );
});

test("the lower cap bounds what good marks can take off", () => {
  const known = weights({ A: { score: -8, groups: ["g"] }, B: { score: -4, groups: ["g"] } }, { g: { min: -10 } });
  assert.equal(score([{ symbol: "B" }, { symbol: "A" }], known).score, -10);
});

test("removed weight keeps the name, hidden symbols keep their weight", () => {
  const removals = { hidden: new Set(["A"]), weightless: new Set(["B"]) };
  const scored = score([{ symbol: "A" }, { symbol: "B" }], weights({ A: { score: 1 }, B: { score: 2 } }), removals);
  assert.deepEqual(
    scored.symbols.map(({ name, score }) => [name, score]),
    [["B", 0]],
  );
  assert.equal(scored.score, 1);
});

test("beside an opinion, what rules of style do not count is taken back", () => {
  const known = {
    A: { score: 6, groups: ["style"] },
    B: { score: 4, groups: ["own", "style"] },
    C: { score: 5, groups: ["style"] },
    BAYES_HAM: { score: -3 },
    STYLE_DOUBTED: { score: -1, groups: ["doubt"] },
  };
  const share = weights(known, { style: { max: 8 } }, { style: 0.5 });
  const rules: Hit[] = [{ symbol: "A" }, { symbol: "C" }];
  assert.deepEqual([score(rules, share).score, score(rules, share).taught], [8, false]);
  const judged = score([...rules, { symbol: "BAYES_HAM" }], share);
  assert.deepEqual(
    judged.symbols.map(({ name, score }) => [name, score]),
    [
      ["A", 6],
      ["BAYES_HAM", -3],
      ["C", 2],
      ["STYLE_DOUBTED", -4],
    ],
    "the cap is for what was found: 8, of which half counts",
  );
  assert.deepEqual([judged.score, judged.taught, judged.groups], [1, true, { style: 8, doubt: -4 }]);
  assert.equal(score([{ symbol: "B" }, { symbol: "BAYES_HAM" }], share).score, 1, "the main group decides");
  const without = { hidden: new Set<string>(), weightless: new Set(["BAYES_HAM"]) };
  assert.equal(score([...rules, { symbol: "BAYES_HAM" }], share, without).score, 8, "taken away, it is no opinion");
  const silent = weights({ ...known, BAYES_HAM: { score: 0 } }, {}, { style: 0.5 });
  assert.equal(score([...rules, { symbol: "BAYES_HAM" }], silent).score, 11, "what weighs nothing is no opinion");
  const certain = weights({ ...known, STYLE_DOUBTED: { score: 0 } }, { style: { max: 8 } }, { style: 0.5 });
  assert.equal(score([...rules, { symbol: "BAYES_HAM" }], certain).score, 5, "a site may take nothing back");
});

test("options come once each and are bounded", () => {
  const hits: Hit[] = [
    { symbol: "A", options: ["x", "y"] },
    { symbol: "A", options: ["x", "z".repeat(5000), "w"] },
  ];
  assert.deepEqual(score(hits, weights({})).symbols[0]?.options, ["x", "y"]);
});

test("the grow factor multiplies positive scores by the common factor", () => {
  const scored = score(
    [{ symbol: "A" }, { symbol: "B" }, { symbol: "C" }],
    weights({ A: { score: 3 }, B: { score: 6 }, C: { score: -1 } }),
  );
  const grown = grow(scored, 1.1, 15);
  const factor = 1.1 * (1 + (0.1 * 3) / 15) * (1 + (0.1 * 6) / 15);
  assert.ok(Math.abs(grown.score - (9 * factor - 1)) < 0.001);
  assert.equal(grow(scored, 1, 15), scored);
});
