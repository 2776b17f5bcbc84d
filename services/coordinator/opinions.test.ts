import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeclaredSymbol } from "./composites.ts";
import { compileComposites } from "./composites.ts";
import { opinionsOf } from "./opinions.ts";

const declared: readonly DeclaredSymbol[] = [
  { name: "R_SPF_FAIL", stage: "filter", groups: ["spf"] },
  { name: "BAYES_SPAM", stage: "classify", groups: ["statistics"] },
  { name: "BAYES_HAM", stage: "classify", groups: ["statistics"] },
];

function opinions(expressions: Readonly<Record<string, string>>): readonly string[] {
  const configs = Object.entries(expressions).map(([name, expression]) => {
    const group = name === "IN_GROUP" ? "opinion" : "composite";
    return [name, { expression, score: 1, group, policy: "default", description: "", enabled: true }] as const;
  });
  const { composites, faults } = compileComposites(Object.fromEntries(configs), declared);
  assert.deepEqual(faults, []);
  return [...opinionsOf(declared, composites)].sort();
}

test("opinions are the symbols of classifiers, and composites of them, however far", () => {
  assert.deepEqual(opinions({}), ["BAYES_HAM", "BAYES_SPAM"]);
  const expressions = {
    A_SECOND: "IN_GROUP | R_SPF_FAIL",
    IN_GROUP: "R_SPF_FAIL & !BAYES_HAM",
    BY_GROUP: "g:statistics",
    BY_GROUP_OF_COMPOSITE: "R_SPF_FAIL & g+:opinion",
    FREE: "R_SPF_FAIL & g:spf",
  };
  const found = ["A_SECOND", "BAYES_HAM", "BAYES_SPAM", "BY_GROUP", "BY_GROUP_OF_COMPOSITE", "IN_GROUP"];
  assert.deepEqual(opinions(expressions), found);
});
