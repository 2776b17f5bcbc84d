import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "./actor.ts";
import { answering, orderByNeeds, type Workplace } from "./answer.ts";
import type { Check } from "./check.ts";
import { Fault } from "./fault.ts";
import { silent } from "./log.ts";
import { answerMargin } from "./question.ts";

type Run = (ctx: { hit(symbol: string): void; finding(name: string): unknown; signal: AbortSignal }) => unknown;

function check(name: string, needs: readonly string[], run: Run): Check {
  const spec = { name, about: name, stage: "filter" as const, group: "x", cost: "cheap" as const };
  return { ...spec, reads: [], needs, config: {}, symbols: {}, run: (_task, ctx) => run(ctx as Parameters<Run>[0]) };
}

const place = { config: { get: () => ({}), onChange: () => () => {} }, log: silent } as unknown as Workplace;

function ask(checks: readonly Check[], names: readonly string[], ms = 1000, findings: Record<string, unknown> = {}) {
  const actor: Actor = { name: "a", about: "a", checks, config: {}, slots: 1, deadline: ms, reaches: [] };
  const question = { id: "1", envelope: { rcpts: [] }, now: 0, checks: names, findings, facts: {} };
  const deadline = Date.now() + 10_000;
  const { signal } = new AbortController();
  return answering(actor, place)(question, { deadline, trace: undefined, signal, waited: 0 });
}

test("answers for each check that was asked, in the order asked, and for no other", async () => {
  const checks = ["A", "B", "C"].map((name) => check(name, [], (ctx) => ctx.hit(name)));
  const answers = await ask(checks, ["C", "A"]);
  assert.deepEqual(
    answers.map(({ check, hits }) => [check, hits]),
    [
      ["C", [{ symbol: "C" }]],
      ["A", [{ symbol: "A" }]],
    ],
  );
});

test("a check runs after those it needs and gets their findings, across awaits too", async () => {
  const checks = [
    check("LAST", ["MIDDLE"], (ctx) => `${ctx.finding("MIDDLE")}!`),
    check("MIDDLE", ["FIRST", "OUTSIDE"], async (ctx) => `${ctx.finding("FIRST")} ${ctx.finding("OUTSIDE")}`),
    check("FIRST", [], async () => sleep(5).then(() => "first")),
  ];
  const answers = await ask(checks, ["LAST", "MIDDLE", "FIRST"], 1000, { OUTSIDE: "outside" });
  assert.equal(answers[0]?.finding, "first outside!");
});

test("one that throws fails alone, and keeps its fault's code", async () => {
  const checks = [
    check("THROWS", [], () => {
      throw new TypeError("oops");
    }),
    check("REJECTS", [], () => Promise.reject(new Fault("unavailable", "no server"))),
    check("NEEDS", ["THROWS"], (ctx) => ctx.finding("THROWS") ?? "none"),
  ];
  const answers = await ask(checks, ["THROWS", "REJECTS", "NEEDS"]);
  assert.deepEqual(
    answers.map(({ failed }) => failed),
    [{ code: "failed", message: "oops" }, { code: "unavailable", message: "no server" }, undefined],
  );
  assert.equal(answers[2]?.finding, "none");
});

test("at the deadline the answer has what is there, and names what is late", async () => {
  let told = false;
  const checks = [
    check("SWIFT", [], () => "here"),
    check("NEVER", [], (ctx) => {
      ctx.signal.addEventListener("abort", () => {
        told = true;
      });
      return new Promise(() => {});
    }),
    check("WAITS", ["NEVER"], () => "never reached"),
  ];
  const answers = await ask(checks, ["SWIFT", "NEVER", "WAITS"], 30);
  assert.deepEqual(
    answers.map(({ finding, failed }) => finding ?? failed?.code),
    ["here", "late", "late"],
  );
  assert.ok(told, "the check learns that its time is up");
});

test("an actor's deadline is shorter than the asker's by the time an answer needs", async () => {
  assert.ok(answerMargin > 0);
  const answers = await ask([check("SLOW", [], () => sleep(5000, undefined, { ref: false }))], ["SLOW"], 20);
  assert.equal(answers[0]?.failed?.code, "late");
});

test("a check that this version does not have is answered as such", async () => {
  const answers = await ask([], ["NEW"]);
  assert.equal(answers[0]?.failed?.code, "nobody");
});

test("circles are named", () => {
  const circle = [check("A", ["B"], () => {}), check("B", ["A"], () => {})];
  assert.throws(() => orderByNeeds(circle), { message: "checks need one another: A needs B needs A" });
});
