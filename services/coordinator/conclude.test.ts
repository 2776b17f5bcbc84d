import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../../shared/actor.ts";
import { defineCheck } from "../../shared/check.ts";
import { configOf } from "../../shared/config/live.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { defaultLimits } from "../../shared/message/limits.ts";
import { verdictOf } from "../../test/http/verdict.ts";
import type { Progress } from "./ask.ts";
import { standing, withoutOpinions } from "./conclude.ts";
import { config } from "./config.ts";
import { makePolicy } from "./policy.ts";
import { noSettings } from "./settings.ts";
import { termsOf } from "./terms.ts";

const style = defineCheck({
  name: "STYLE_CHECK",
  about: "A rule of style.",
  stage: "filter",
  group: "headers",
  reads: [],
  symbols: { STYLE: { score: 6, about: "A mark of style." } },
  run() {},
});
const classifier = defineCheck({
  name: "CLASSIFIER",
  about: "Says what it was taught.",
  stage: "classify",
  group: "statistics",
  reads: [],
  symbols: { LEARNED_HAM: { score: -4, about: "Known mail.", taught: true } },
  run() {},
});
const actor: Actor = {
  name: "a",
  about: "",
  checks: [style, classifier],
  config: {},
  slots: 1,
  deadline: 1,
  reaches: [],
};

function progressOf(symbols: readonly string[]): Progress {
  return {
    id: "1",
    envelope: { rcpts: [] },
    now: 0,
    deadline: 0,
    trace: undefined,
    facts: analyse(Buffer.from("Subject: x\n\nx\n"), defaultLimits),
    hits: symbols.map((symbol) => ({ symbol })),
    results: [],
    findings: {},
    failed: [],
    timings: [],
    answered: new Set(),
    hidden: new Set(),
    weightless: new Set(),
  };
}

test("without opinions a mail has the score of the rest, in full, and opinions weigh nothing", () => {
  const policy = makePolicy([actor], configOf(config, "").get(config));
  const terms = termsOf(policy, noSettings, {});
  const progress = progressOf(["STYLE", "LEARNED_HAM"]);
  assert.equal(standing(terms, progress).score, -1, "half of 6, less 4");
  const verdict = { ...verdictOf({ id: "1" }), score: -1, required: 15, action: "no action" };
  const symbols = [
    { name: "LEARNED_HAM", score: 0 },
    { name: "STYLE", score: 6 },
  ];
  const expected = { score: 6, required: 15, action: "no action", symbols };
  assert.deepEqual(withoutOpinions(verdict, terms, progress), expected);
  // What came over the score, such as a result that lowers it, stays.
  assert.equal(withoutOpinions({ ...verdict, score: -3 }, terms, progress).score, 4);
});
