import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Actor } from "./actor.ts";
import { answering, orderByNeeds } from "./answer.ts";
import type { Check } from "./check.ts";
import type { Dns, Resolver } from "./dns/dns.ts";
import { Fault } from "./fault.ts";
import { silent } from "./log.ts";
import { type Answer, answerMargin } from "./question.ts";
import type { Workplace } from "./visit.ts";

interface Ctx {
  readonly signal: AbortSignal;
  readonly dns: Dns;
  hit(symbol: string): void;
  finding(name: string): unknown;
}
type Run = (ctx: Ctx) => unknown;

function check(name: string, needs: readonly string[], run: Run): Check {
  const spec = { name, about: name, stage: "filter" as const, group: "x", cost: "cheap" as const };
  return { ...spec, reads: [], needs, config: {}, symbols: {}, run: (_task, ctx) => run(ctx as Ctx) };
}

const place = { config: { get: () => ({}), onChange: () => () => {} }, log: silent } as unknown as Workplace;

async function askWhole(
  checks: readonly Check[],
  names: readonly string[],
  ms = 1000,
  findings: Record<string, unknown> = {},
  resolver?: Resolver,
): Promise<Answer> {
  const actor: Actor = { name: "a", about: "a", checks, config: {}, slots: 1, deadline: ms, reaches: [] };
  const question = { id: "1", envelope: { rcpts: [] }, now: 0, checks: names, findings, facts: {} };
  const deadline = Date.now() + 10_000;
  const { signal } = new AbortController();
  const workplace = resolver === undefined ? place : { ...place, resolver };
  const answer = await answering(actor, workplace)(question, { deadline, trace: undefined, signal, waited: 0 });
  assert.equal(answer.waits.length, names.length);
  assert.equal(answer.works.length, names.length);
  assert.ok(answer.checks.every(({ check }) => names.includes(check)));
  return answer;
}

/** What each check said, in the order asked; undefined of one that had nothing to say. */
async function ask(checks: readonly Check[], names: readonly string[], ...more: [number?, Record<string, unknown>?]) {
  const answer = await askWhole(checks, names, ...more);
  return names.map((name) => answer.checks.find(({ check }) => check === name));
}

test("answers for each check that was asked, in the order asked, and for no other", async () => {
  const checks = ["A", "B", "C"].map((name) => check(name, [], (ctx) => ctx.hit(name)));
  const answers = await ask(checks, ["C", "A"]);
  assert.deepEqual(
    answers.map((answer) => [answer?.check, answer?.hits]),
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
    answers.map((answer) => answer?.failed),
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
    answers.map((answer) => answer?.finding ?? answer?.failed?.code),
    ["here", "late", "late"],
  );
  assert.ok(told, "the check learns that its time is up");
});

test("an actor's deadline is shorter than the asker's by the time an answer needs", async () => {
  assert.ok(answerMargin > 0);
  const answers = await ask([check("SLOW", [], () => sleep(5000, undefined, { ref: false }))], ["SLOW"], 20);
  assert.equal(answers[0]?.failed?.code, "late");
});

test("the DNS gives up in time for a check to conclude, and what was asked is in the answer", async () => {
  const use = { queries: 1, cached: 0, failed: 1, waited: 5, events: [] };
  const resolver: Resolver = {
    dnsFor: (task) => ({
      use,
      query: () =>
        new Promise((resolve) => {
          task.signal.addEventListener("abort", () => resolve({ status: "failed", reason: "deadline" }));
        }),
    }),
  };
  const asks: Run = async (ctx) => {
    const answer = await ctx.dns.query("example.org", "A");
    assert.ok(!ctx.signal.aborted, "there is time left");
    return answer.status;
  };
  const checks = [check("ASKS", [], asks), check("DOES_NOT", [], () => {})];
  const answer = await askWhole(checks, ["ASKS", "DOES_NOT"], 300, {}, resolver);
  assert.deepEqual(answer.checks, [{ check: "ASKS", hits: [], finding: "failed" }]);
  assert.deepEqual(answer.dns, [{ check: "ASKS", ...use }]);
});

test("a check that this version does not have is answered as such", async () => {
  const answers = await ask([], ["NEW"]);
  assert.equal(answers[0]?.failed?.code, "nobody");
});

test("circles are named", () => {
  const circle = [check("A", ["B"], () => {}), check("B", ["A"], () => {})];
  assert.throws(() => orderByNeeds(circle), { message: "checks need one another: A needs B needs A" });
});
