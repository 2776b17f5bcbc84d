import assert from "node:assert/strict";
import { test } from "node:test";
import type { Check, SymbolSpec } from "../../shared/check.ts";
import { isClosed } from "./closed.ts";
import { compileComposites } from "./composites.ts";
import { score, type Weights } from "./scores.ts";

const rules = [
  { name: "reject", threshold: 15 },
  { name: "add header", threshold: 6 },
];

const values: Readonly<Record<string, number>> = {
  FIVE: 5,
  TEN: 10,
  TWENTY: 20,
  MINUS: -8,
  SMALL: 0.5,
  STYLE: 20,
  STYLE_HAM: -4,
  OPINION: 3,
  STYLE_DOUBTED: -1,
};

const weights: Weights = {
  caps: new Map(),
  shares: new Map([["style", 0.5]]),
  taught: new Set(["OPINION"]),
  of: (symbol) => ({
    score: values[symbol] ?? 0,
    about: "",
    groups: [symbol === "STYLE" || symbol === "STYLE_HAM" ? "style" : "g"],
    shots: 1,
    factor: 1,
  }),
};

function pending(stage: Check["stage"], symbols: Readonly<Record<string, SymbolSpec>>): Check {
  const spec = { name: "HEAVY", about: "", group: "g", reads: [], needs: [], cost: "heavy" as const, config: {} };
  return { ...spec, stage, symbols, run() {} };
}

const spec: SymbolSpec = { score: 0, about: "" };

interface Situation {
  readonly hits: readonly string[];
  readonly pending: readonly Check[];
  readonly expression?: string;
}

function closed({ hits, pending, expression }: Situation): boolean {
  const config = { score: 4, group: "composite", policy: "default" as const, description: "", enabled: true };
  const defs = expression === undefined ? {} : { COMPOSED: { ...config, expression } };
  const { composites } = compileComposites(defs, []);
  return isClosed(
    score(
      hits.map((symbol) => ({ symbol })),
      weights,
    ),
    { pending, composites, forceRules: [], weights, rules },
  );
}

test("closed when even the best mark leaves the action as it is", () => {
  const virus = pending("filter", { TEN: spec });
  const whitelist = pending("filter", { MINUS: spec });
  assert.equal(closed({ hits: ["TWENTY"], pending: [virus] }), true, "rejected already");
  assert.equal(closed({ hits: ["TWENTY"], pending: [whitelist] }), false, "a whitelist could save it");
  assert.equal(closed({ hits: ["TWENTY", "TEN"], pending: [whitelist] }), true);
  assert.equal(closed({ hits: ["SMALL"], pending: [virus] }), false, "a virus would mark it");
  assert.equal(closed({ hits: [], pending: [pending("filter", { SMALL: spec })] }), true);
});

test("a check that can decide keeps it open, unless it decides by the verdict", () => {
  const decides: SymbolSpec = { ...spec, decides: true };
  assert.equal(closed({ hits: ["TWENTY"], pending: [pending("filter", { ZERO: decides })] }), false);
  assert.equal(closed({ hits: ["TWENTY"], pending: [pending("post", { ZERO: decides })] }), true);
});

test("a composite that looks at what is pending may add, and take away", () => {
  const heavy = pending("filter", { ZERO: spec });
  assert.equal(closed({ hits: ["FIVE"], pending: [heavy] }), true);
  assert.equal(closed({ hits: ["FIVE"], pending: [heavy], expression: "ZERO & FIVE" }), false);
  assert.equal(closed({ hits: ["FIVE"], pending: [heavy], expression: "SMALL & FIVE" }), true);
  assert.equal(closed({ hits: ["TWENTY"], pending: [heavy], expression: "ZERO & TWENTY" }), false);
  assert.equal(closed({ hits: ["FIVE"], pending: [heavy], expression: "g:g & FIVE" }), false);
});

test("an opinion that may come takes weight from rules of style, and one that goes gives it back", () => {
  const virus = pending("filter", { TEN: spec });
  const classifier = pending("classify", { OPINION: { ...spec, taught: true } });
  assert.equal(closed({ hits: ["STYLE"], pending: [virus] }), true);
  assert.equal(closed({ hits: ["STYLE"], pending: [virus, classifier] }), false, "half of 20 is not enough");
  assert.equal(closed({ hits: ["STYLE", "TEN"], pending: [virus, classifier] }), true);
  // 10 and 3, or without the opinion 20.
  assert.equal(closed({ hits: ["STYLE", "OPINION"], pending: [pending("filter", { ZERO: spec })] }), false);
});
