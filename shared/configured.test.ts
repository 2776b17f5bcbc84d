import assert from "node:assert/strict";
import { test } from "node:test";
import { defineActor } from "./actor.ts";
import { defineCheck } from "./check.ts";
import { configOf } from "./config/live.ts";
import { section, table, text } from "./config/schema.ts";
import { clashes, symbolNames, withConfigured } from "./configured.ts";

const config = { lists: section("Lists of this test.", { names: table(text("", "Meaning."), {}, "By symbol.") }) };
const check = defineCheck({
  name: "LISTS_CHECK",
  about: "A check of this test.",
  stage: "filter",
  group: "lists",
  reads: [],
  config,
  symbols: { LISTS_BROKEN: { score: 0, about: "Declared as ever." } },
  configured({ lists }) {
    const names = Object.entries(lists.names);
    if (names.length === 0) return null;
    return Object.fromEntries(names.map(([name, about]) => [name, { score: 1, about, key: `lists.names.${name}` }]));
  },
  run: () => {},
});
const fixed = defineCheck({
  name: "FIXED_CHECK",
  about: "Another check of this test.",
  stage: "filter",
  group: "lists",
  reads: [],
  symbols: { FIXED: { score: 1, about: "Fixed." } },
  run: () => {},
});
const actor = defineActor({
  name: "lists",
  about: "An actor of this test.",
  checks: [check, fixed],
  config,
  slots: 1,
  deadline: 1,
  reaches: [],
});
const names = (uclText: string) => symbolNames([actor], configOf(config, uclText));

test("symbols that configuration names stand beside those that a check declares", () => {
  const [resolved] = withConfigured([actor], configOf(config, 'lists { names { ONE = "The first." } }'));
  assert.deepEqual(resolved?.checks[0]?.symbols, {
    LISTS_BROKEN: { score: 0, about: "Declared as ever." },
    ONE: { score: 1, about: "The first.", key: "lists.names.ONE" },
  });
  assert.deepEqual([...names('lists { names { ONE = "The first." } }')], ["LISTS_BROKEN", "ONE", "FIXED"]);
});

test("a check that configuration leaves nothing to do is off", () => {
  const [resolved] = withConfigured([actor], configOf(config));
  assert.deepEqual(
    resolved?.checks.map(({ off }) => off),
    [true, undefined],
  );
  assert.deepEqual([...names("")], ["LISTS_BROKEN", "FIXED"]);
});

test("a configured name that somebody else raises is a fault at its key", () => {
  const faults = clashes(
    [actor],
    configOf(config, 'lists { names { FIXED = "Mine."; LISTS_BROKEN = "Mine."; NEW = "New." } }'),
  );
  assert.deepEqual(
    faults.map(({ message }) => message),
    [
      "lists.names.FIXED: FIXED_CHECK raises this symbol already",
      "lists.names.LISTS_BROKEN: LISTS_CHECK raises this symbol already",
    ],
  );
});
