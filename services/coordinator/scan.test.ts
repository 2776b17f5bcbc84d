import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../../shared/actor.ts";
import { answering } from "../../shared/answer.ts";
import { openLocalBus } from "../../shared/bus/local.ts";
import { type Cost, defineCheck, type HitDetail, type Stage } from "../../shared/check.ts";
import { configOf } from "../../shared/config/live.ts";
import { Fault } from "../../shared/fault.ts";
import { silent } from "../../shared/log.ts";
import { actorSubject } from "../../shared/question.ts";
import type { ScanRequest } from "../../shared/scan.ts";
import type { Workplace } from "../../shared/visit.ts";
import { Breaker } from "./breaker.ts";
import { config } from "./config.ts";
import { makePolicy } from "./policy.ts";
import { type Surroundings, scan } from "./scan.ts";

declare module "../../shared/check.ts" {
  interface Findings {
    SIGN_CHECK: Finding;
  }
}

interface Spec {
  readonly stage?: Stage;
  readonly cost?: Cost;
  readonly score?: number;
  readonly detail?: HitDetail;
  readonly run?: () => Promise<void>;
}

function actor(name: string, specs: Readonly<Record<string, Spec>>, deadline = 200): Actor {
  const checks = Object.entries(specs).map(([symbol, { stage = "filter", cost = "cheap", score = 1, detail, run }]) =>
    defineCheck({
      name: `${symbol}_CHECK`,
      about: "A check of this test.",
      stage,
      cost,
      group: "test",
      reads: ["headers"],
      symbols: {
        [symbol]: { score, about: "A symbol of this test.", ...(detail?.result ? { decides: true as const } : {}) },
      },
      async run(_task, ctx) {
        await run?.();
        ctx.hit(symbol, detail);
      },
    }),
  );
  return { name, about: name, checks, config: {}, slots: 4, deadline, reaches: [] };
}

/** A site with the actors; those in `away` are declared but not there. */
async function site(actors: readonly Actor[], text = "", away: readonly string[] = []) {
  const bus = openLocalBus({ freeze: true });
  const live = configOf(config, text);
  const place = { config: configOf({}, ""), log: silent } as unknown as Workplace;
  for (const one of actors) {
    if (!away.includes(one.name)) await bus.serve(actorSubject(one.name), { slots: one.slots }, answering(one, place));
  }
  const policy = makePolicy(actors, live.get(config));
  const breaker = new Breaker(() => policy.breaker);
  const around = { bus, log: silent, breaker, now: () => 0 } as unknown as Surroundings;
  const raw = Buffer.from("From: a@example.org\r\nSubject: test\r\n\r\nhello\r\n");
  return async (further: Partial<ScanRequest> = {}) => {
    const request: ScanRequest = { id: "1", envelope: { rcpts: [] }, facts: { raw }, ...further };
    const { verdict } = await scan(request, policy, around, { deadline: Date.now() + 9_000, trace: undefined });
    return verdict;
  };
}

const names = (verdict: { symbols: readonly { name: string }[] }) => verdict.symbols.map(({ name }) => name);

test("adds up what all actors say", async () => {
  const ask = await site([actor("a", { A: {} }), actor("b", { B: { score: 5 } })]);
  const verdict = await ask();
  assert.deepEqual(names(verdict), ["A", "B"]);
  assert.equal(verdict.score, 6);
  assert.equal(verdict.action, "add header");
});

test("an actor that is away, late or throws costs its symbols and is listed", async () => {
  const never = () => new Promise<void>(() => {});
  const throws = () => Promise.reject(new Fault("unavailable", "no server"));
  const actors = [
    actor("here", { A: {} }),
    actor("away", { B: {} }),
    actor("late", { C: { run: never } }, 30),
    actor("broken", { D: { run: throws } }),
  ];
  const verdict = await (await site(actors, "", ["away"]))();
  assert.deepEqual(names(verdict), ["A", "CHECK_FAILED"]);
  assert.deepEqual(verdict.failed.map(({ check, code }) => [check, code]).sort(), [
    ["B_CHECK", "nobody"],
    ["C_CHECK", "late"],
    ["D_CHECK", "unavailable"],
  ]);
  assert.equal(verdict.score, 1);
});

test("a required check that fails defers the mail", async () => {
  const actors = [actor("here", { A: {} }), actor("away", { B: {} })];
  const verdict = await (await site(actors, 'options { required_checks = ["B_CHECK"] }', ["away"]))();
  assert.equal(verdict.action, "soft reject");
  assert.equal(verdict.decidedBy, "B_CHECK");
});

test("a check that keeps failing is not asked for a while", async () => {
  let asked = 0;
  const fails = () => {
    asked += 1;
    return Promise.reject(new Error("always"));
  };
  const ask = await site([actor("sick", { A: { run: fails } })], "options { breaker_failures = 2; }");
  const codes = [];
  for (let i = 0; i < 4; i++) codes.push((await ask()).failed[0]?.code);
  assert.deepEqual(codes, ["failed", "failed", "refused", "refused"]);
  assert.equal(asked, 2);
});

test("an instance of another version, which lacks a check, does not keep it from the others", async () => {
  const lacks = () => Promise.reject(new Fault("nobody", "this actor has no such check"));
  const ask = await site([actor("old", { A: { run: lacks } })], "options { breaker_failures = 2; }");
  const codes = [];
  for (let i = 0; i < 4; i++) codes.push((await ask()).failed[0]?.code);
  assert.deepEqual(codes, ["nobody", "nobody", "nobody", "nobody"]);
});

test("a result ends the filters, and post still runs", async () => {
  const result = { action: "soft reject", message: "Come back" };
  const actors = [actor("a", { PRE: { stage: "pre", detail: { result } }, MAIN: {}, POST: { stage: "post" } })];
  const verdict = await (await site(actors))();
  assert.deepEqual(names(verdict), ["POST", "PRE"]);
  assert.equal(verdict.action, "soft reject");
  assert.equal(verdict.message, "Come back");
  assert.equal(verdict.decidedBy, "PRE");
});

test("a heavy check is asked only while the verdict is open, and always with pass_all", async () => {
  const actors = [actor("a", { BAD: { score: 30 }, HEAVY: { cost: "heavy", score: 8 } })];
  const ask = await site(actors);
  assert.deepEqual(names(await ask()), ["BAD"]);
  assert.deepEqual(names(await ask({ passAll: true })), ["BAD", "HEAVY"]);
  const open = await site([actor("a", { BAD: { score: 3 }, HEAVY: { cost: "heavy", score: 8 } })]);
  assert.deepEqual(names(await open()), ["BAD", "HEAVY"]);
});

test("composites run after the filters, and those that look at post after it", async () => {
  const actors = [actor("a", { A: {}, B: {}, LAST: { stage: "post" } })];
  const text = `composites {
    BOTH { expression = "A & B"; score = 4; }
    AFTER { expression = "BOTH & LAST"; score = 0.5; policy = leave; }
  }`;
  const verdict = await (await site(actors, text))();
  assert.deepEqual(
    verdict.symbols.map(({ name, score }) => [name, score]),
    [
      ["AFTER", 0.5],
      ["BOTH", 4],
      ["LAST", 1],
    ],
  );
  assert.equal(verdict.score, 5.5);
});

test("the score does not depend on the order of the answers", async () => {
  const wait = (ms: number) => () => new Promise<void>((done) => setTimeout(done, ms));
  const text = 'group "test" { max_score = 6 }';
  const one = await (
    await site([actor("a", { A: { score: 4, run: wait(20) } }), actor("b", { B: { score: 4 } })], text)
  )();
  const other = await (
    await site([actor("a", { A: { score: 4 } }), actor("b", { B: { score: 4, run: wait(20) } })], text)
  )();
  assert.deepEqual(one.symbols, other.symbols);
  assert.equal(one.score, 6);
});

test("a request to skip is answered without asking anybody", async () => {
  const verdict = await (await site([actor("a", { A: { score: 30 } })]))({ skip: true });
  assert.deepEqual(names(verdict), []);
  assert.equal(verdict.skipped, true);
  assert.equal(verdict.action, "no action");
});

test("a check whose list is empty is not asked", async () => {
  const asked: string[] = [];
  const check = (name: string, wants?: "html") =>
    defineCheck({
      name,
      about: "A check of this test.",
      stage: "filter",
      group: "test",
      reads: ["html"],
      ...(wants === undefined ? {} : { wants }),
      symbols: {},
      run() {
        asked.push(name);
      },
    });
  const checks = [check("ALWAYS"), check("HTML", "html")];
  const one: Actor = { name: "a", about: "a", checks, config: {}, slots: 4, deadline: 200, reaches: [] };
  const ask = await site([one]);
  await ask();
  assert.deepEqual(asked, ["ALWAYS"]);
  await ask({ facts: { raw: Buffer.from("Content-Type: text/html\r\n\r\n<p>hello</p>\r\n") } });
  assert.deepEqual(asked, ["ALWAYS", "ALWAYS", "HTML"]);
});

test("signing sees the message as it goes out, weighs nothing, and may only add", async () => {
  const seen: unknown[] = [];
  const changes = {
    addHeaders: [{ name: "X-Sealed", value: "yes", order: 1 }],
    removeHeaders: [{ name: "From", index: 0 }],
    dkimSignatures: ["v=1"],
    changeFrom: "b@example.org",
  };
  const sign = defineCheck({
    name: "SIGN_CHECK",
    about: "A check of this test.",
    stage: "sign",
    group: "test",
    reads: ["outgoing"],
    symbols: { SIGNED: { score: -50, about: "A symbol of this test." } },
    run(task, ctx) {
      seen.push(task.outgoing.fields?.map(({ name, raw }) => name + raw));
      ctx.hit("SIGNED");
      return { changes };
    },
  });
  const actors = [actor("a", { A: { score: 12 } }), { ...actor("b", {}), checks: [sign] }];
  const text = 'actions { reject = 20; rewrite_subject = 10; subject = "SPAM %s"; }';
  const ask = await site(actors, text);
  const verdict = await ask();
  assert.deepEqual([verdict.action, verdict.score, names(verdict)], ["rewrite subject", 12, ["A", "SIGNED"]]);
  assert.deepEqual(seen, [["From a@example.org", "Subject SPAM test"]]);
  assert.deepEqual(verdict.changes.dkimSignatures, ["v=1"]);
  assert.ok(verdict.changes.addHeaders.some(({ name }) => name === "X-Sealed"));
  assert.ok(!verdict.changes.removeHeaders.some(({ name }) => name === "From"));
  assert.equal(verdict.changes.changeFrom, undefined);
  await (await site(actors, "actions { reject = 10 }"))();
  assert.equal(seen.length, 1, "what does not go out is not signed");
  const away = await site(actors, `${text} options { required_checks = ["SIGN_CHECK"] }`, ["b"]);
  const deferred = await away();
  assert.deepEqual([deferred.action, deferred.subject], ["soft reject", undefined]);
});
