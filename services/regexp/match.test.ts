import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf } from "../../shared/config/live.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { defaultLimits } from "../../shared/message/limits.ts";
import { regexpConfig } from "./config.ts";
import { type MatchLimits, matchRules, type RunSlowly } from "./match.ts";
import { makeRuleset, type Ruleset } from "./ruleset.ts";
import { SlowThread } from "./slow.ts";
import type { RuleTask } from "./sources.ts";

const limits: MatchLimits = { maxSize: 100_000, timeLimit: 1_000 };

function rulesetOf(rules: Readonly<Record<string, string>>, prefilter = true): Ruleset {
  const text = Object.entries(rules)
    .map(([name, re]) => `${name} = ${JSON.stringify(re)};`)
    .join("\n");
  const { regexp } = configOf(regexpConfig, `regexp { ${text} }`).get(regexpConfig);
  assert.deepEqual(Object.keys(regexp.rules), Object.keys(rules), "every rule is read");
  return makeRuleset(regexp, false, prefilter);
}

function taskOf(body: string, headers = "Subject: test\r\n"): RuleTask {
  const facts = analyse(Buffer.from(`${headers}Content-Type: text/plain; charset=utf-8\r\n\r\n${body}`), defaultLimits);
  return { id: "1", envelope: { rcpts: [] }, ...facts };
}

/** ms: longer than any machine takes to start a thread. */
const patience = 20_000;
const never: RunSlowly = () => assert.fail("no pattern here is slow");
const namesOf = (matched: { hits: readonly { name: string }[] }) => matched.hits.map(({ name }) => name);

/** Numerical Recipes' generator: the same numbers every time. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("with and without the search for literals the same rules hold, on random texts", () => {
  const random = randomFrom(20_260_115);
  const pick = <Item>(items: readonly [Item, ...Item[]]): Item => items[random(items.length)] ?? items[0];
  const syllable = () => pick(["ab", "ba", "ca", "Ab", "ü", "no", "1a", " ", "x"]);
  const word = (): string => Array.from({ length: 1 + random(3) }, syllable).join("");
  const piece = (): string =>
    pick<() => string>([
      word,
      word,
      word,
      () => `[${word().trim() || "a"}]`,
      () => `(?:${word()}|${word()})`,
      () => "\\s*",
      () => ".",
      () => `${word()}?`,
      () => `(?:${word()})+`,
    ])();
  const rules: Record<string, string> = {};
  for (let at = 0; at < 400; at++) {
    const pattern = Array.from({ length: 1 + random(4) }, piece).join("");
    const negation = random(8) === 0 ? "!" : "";
    rules[`RULE_${at}`] =
      `${negation}/${pattern}/${pick(["i", "", "i", "s", "A"])}${pick(["{mime}", "{words}", "{raw_mime}"])}`;
  }
  const filtered = rulesetOf(rules);
  const plain = rulesetOf(rules, false);
  let hits = 0;
  for (let round = 0; round < 40; round++) {
    const task = taskOf(Array.from({ length: 5 + random(40) }, word).join(pick([" ", "", "\r\n"])));
    const expected = matchRules(plain, task, limits, never);
    assert.deepEqual({ ...matchRules(filtered, task, limits, never) }, { ...expected });
    assert.ok(!(expected instanceof Promise));
    hits += expected.hits.length;
  }
  assert.ok(hits > 1_000 && hits < 12_000, `${hits} of 16000 held: neither none nor all`);
});

test("a pattern that no linear engine runs goes to the thread, and its answer counts", async () => {
  const thread = new SlowThread(patience);
  const ruleset = rulesetOf({ TWICE: "/(?=(?:[a-z]+)+!)([a-z]+)x\\1!/{mime} & /b/{mime}", OTHER: "/b/{mime}" });
  const matched = matchRules(ruleset, taskOf("abxab!"), limits, (questions) => thread.run(questions, patience));
  assert.ok(matched instanceof Promise);
  assert.deepEqual(namesOf(await matched).sort(), ["OTHER", "TWICE"]);
  await thread.close();
});

test("what runs out of time is cut off and named; negated it does not hold either", { timeout: 30_000 }, async () => {
  const thread = new SlowThread(patience);
  const evil = "/(?=(a+)+b)a/{mime}";
  const ruleset = rulesetOf({ EVIL: evil, NOT_EVIL: `!${evil}`, FINE: "/aaa/{mime}", MEETS: `/aaa/{mime} | ${evil}` });
  const matched = await matchRules(ruleset, taskOf("a".repeat(60)), limits, (questions) => thread.run(questions, 30));
  assert.deepEqual(namesOf(matched).sort(), ["FINE", "MEETS"]);
  assert.deepEqual([...matched.cut].sort(), ["EVIL", "NOT_EVIL"]);
  const [next] = await thread.run([{ atom: 0, source: "a", flags: "g", texts: ["banana"], most: 9 }], patience);
  assert.equal(next, 3, "the thread works on");
  await thread.close();
});

test("a text is cut at max_size", () => {
  const ruleset = rulesetOf({ LATE: "/late/{mime}", EARLY: "/early/{mime}" });
  const task = taskOf(`early ${"x".repeat(5_000)} late`);
  const matched = matchRules(ruleset, task, { ...limits, maxSize: 1_024 }, never);
  assert.ok(!(matched instanceof Promise));
  assert.deepEqual(namesOf(matched), ["EARLY"]);
});
