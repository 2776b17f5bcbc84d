import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../../shared/actor.ts";
import type { Check, Cost, Stage } from "../../shared/check.ts";
import { makePlan } from "./plan.ts";

function check(name: string, needs: readonly string[] = [], cost: Cost = "cheap", stage: Stage = "filter"): Check {
  return { name, about: name, stage, group: "x", reads: ["headers"], needs, cost, config: {}, symbols: {}, run() {} };
}

function actor(name: string, ...checks: readonly Check[]): Actor {
  return { name, about: name, checks, config: {}, slots: 1, deadline: 1000, reaches: [] };
}

const shown = (actors: readonly Actor[], isOn: (check: Check) => boolean = () => true) =>
  makePlan(actors, isOn).stages.filter.map(
    ({ actor: { name }, checks, after }) =>
      `${name}: ${checks.map((c) => c.name).join(" ")}${after.length > 0 ? ` after ${after.map((q) => q.checks.map((c) => c.name).join("+")).join(", ")}` : ""}`,
  );

test("one question carries all checks of an actor that can be asked together", () => {
  assert.deepEqual(shown([actor("auth", check("SPF"), check("DKIM"), check("DMARC", ["SPF", "DKIM"]))]), [
    "auth: SPF DKIM DMARC",
  ]);
});

test("a check that needs one of another actor waits for that one only", () => {
  assert.deepEqual(shown([actor("a", check("A1"), check("A2", ["B1"])), actor("b", check("B1"), check("B2"))]), [
    "a: A1",
    "b: B1 B2",
    "a: A2 after B1+B2",
  ]);
});

test("a need inside an actor that itself waits makes both wait", () => {
  const actors = [actor("a", check("A1", ["B1"]), check("A2", ["A1"]), check("A3")), actor("b", check("B1"))];
  assert.deepEqual(shown(actors), ["a: A3", "b: B1", "a: A1 A2 after B1"]);
});

test("heavy checks go into a question of their own, with those that need them", () => {
  assert.deepEqual(shown([actor("a", check("A1"), check("AV", [], "heavy"), check("A2", ["AV"]))]), [
    "a: A1",
    "a: AV A2",
  ]);
});

test("a check that is off is not asked, and who needs it goes without", () => {
  const actors = [actor("a", check("A1", ["B1"])), actor("b", check("B1"))];
  assert.deepEqual(
    shown(actors, ({ name }) => name !== "B1"),
    ["a: A1"],
  );
});

test("needs of earlier stages are there already", () => {
  const plan = makePlan([actor("a", check("A1", ["B1"])), actor("b", check("B1", [], "cheap", "pre"))], () => true);
  assert.deepEqual(plan.stages.filter[0]?.needs, ["B1"]);
  assert.deepEqual(plan.stages.filter[0]?.after, []);
});

test("circles and needs of later stages are refused by name", () => {
  assert.throws(() => shown([actor("a", check("A1", ["B1"])), actor("b", check("B1", ["A1"]))]), {
    message: "checks need one another: A1 needs B1 needs A1",
  });
  assert.throws(() => shown([actor("a", check("A1", ["B1"])), actor("b", check("B1", [], "cheap", "post"))]), {
    message: "A1 (filter) needs B1, which runs later (post)",
  });
});
