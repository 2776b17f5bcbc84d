import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../fault.ts";
import { fillTemplate } from "./template.ts";
import { environmentVariables } from "./variables.ts";

const variables = environmentVariables({
  RSPAMD_HOST: "redis.example",
  SLUICE_PORT: "6380",
  RSPAMD_PORT: "6379",
  RSPAMD_EMPTY: "",
  PATH: "/bin",
});

const filled: [string, string][] = [
  ["plain { a = 1 }", "plain { a = 1 }"],
  ["a = {= env.HOST =};", "a = redis.example;"],
  ['a = "{= env.HOST =}:{= env.PORT =}"', 'a = "redis.example:6380"'],
  ["a = {= env.NONE | default('x y') =}", "a = x y"],
  ["a = {= env.NONE|default(env.PORT) =}", "a = 6380"],
  ['a = "{= env.NONE | default "x" | upper =}/y"', 'a = "X/y"'],
  ["a = {= env.HOST | upper =}", "a = REDIS.EXAMPLE"],
  ["{% if env.HOST %}a{% endif %}", "a"],
  ["{% if env.NONE %}a{% else %}b{% endif %}", "b"],
  ["{% if env.EMPTY %}a{% else %}b{% endif %}", "b"],
  ["{% if not env.NONE and env.PORT == '6380' %}a{% endif %}", "a"],
  ['{% if env.PORT != 6380 or (env.NONE) %}a{% elif env.HOST == "redis.example" %}b{% else %}c{% endif %}', "b"],
  ["{% if env.NONE %}{= env.NONE =}{% if env.HOST %}x{% endif %}{% endif %}y", "y"],
  ["a {# gone #} b", "a  b"],
  ["section {# a UCL comment\n}", "section {# a UCL comment\n}"],
  ["{%- if env.HOST -%}a{%- endif -%}", "a"],
  ["log = $if_qid{ qid: <$>,}", "log = $if_qid{ qid: <$>,}"],
];

for (const [text, wanted] of filled) {
  test(`fills ${JSON.stringify(text)}`, () => assert.equal(fillTemplate("f", text, variables), wanted));
}

test("lines keep their numbers", () => {
  const text = "1\n{% if env.NONE %}\n3\n{% else %}\n5\n{% endif %}\n{# a\nb #}\n9";
  assert.equal(fillTemplate("f", text, variables), "1\n\n\n\n5\n\n\n\n9");
});

const refused: [string, RegExp][] = [
  ["\n{= env.NONE =}", /^f:2: .*neither SLUICE_NONE nor RSPAMD_NONE is set/],
  ["{= env.PATH =}", /^f:1: .*neither SLUICE_PATH nor RSPAMD_PATH is set/],
  ["{= env.HOST ", /^f:1: \{= has no closing =\}/],
  ["\n{% if env.HOST %}\n", /^f:2: \{% if %\} has no \{% endif %\}/],
  ["{% endif %}", /endif without if/],
  ["{% else %}", /else without if/],
  ["{% if env.A %}{% else %}{% else %}{% endif %}", /else without if/],
  ["{% for x in y %}", /only if, elif, else and endif are known, not "for"/],
  ["{% if %}{% endif %}", /a condition is missing/],
  ["{% if a.b %}{% endif %}", /"a\.b" is not understood/],
  ["{= env.HOST | json =}", /unknown filter "json"/],
  ["{= env.HOST env.PORT =}", /"env\.PORT" was not expected/],
  ["{= `x` =}", /"`" is not understood/],
  ["{% if (env.HOST %}{% endif %}", /a \) is missing/],
  ["{% if env.HOST %}".repeat(40), /more than 32 inside each other/],
];

for (const [text, message] of refused) {
  test(`refuses ${JSON.stringify(text.slice(0, 50))}`, () => {
    assert.throws(
      () => fillTemplate("f", text, variables),
      (error) => error instanceof Fault && error.code === "bad-config" && message.test(error.message),
    );
  });
}
