import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf } from "../../shared/config/live.ts";
import { config } from "./config.ts";
import { idWarning, orderWarnings } from "./settings-warnings.ts";

function values(text: string) {
  return configOf(config, text).get(config);
}

const orders: readonly (readonly [string, readonly RegExp[]])[] = [
  ["reject = 3", [/^settings\.it\.apply\.actions: has reject at 3 below add header: mail from 6 on/, /below greylist/]],
  ["add_header = 20", [/has reject at 15 below add header: mail from 20 on is not rejected/]],
  ["reject = 5; add_header = 4; greylist = null", []],
  ["reject = null; add_header = 20", []],
  ["reject = 20", []],
];

for (const [actions, expected] of orders) {
  test(`settings whose actions are { ${actions} }: ${expected.length} warnings of the order`, () => {
    const { settings, actions: all } = values(`settings { it { rcpt = a; apply { actions { ${actions} } } } }`);
    const warnings = orderWarnings(settings, all);
    assert.equal(warnings.length, expected.length, warnings.join("\n"));
    for (const [index, pattern] of expected.entries()) assert.match(warnings[index] ?? "", pattern);
  });
}

test("an order that the section actions has is not said again of rules that have nothing to do with it", () => {
  const { settings, actions } = values(
    "actions { add_header = 30 } settings { it { rcpt = a; apply { actions { greylist = 1 } } } }",
  );
  assert.deepEqual(orderWarnings(settings, actions), []);
});

test("an id that no rule has, or only one that is switched off", () => {
  const { settings } = values(
    "settings { one { id = out; apply { A = 1 } } two { rcpt = a } off { enabled = no; rcpt = a } }",
  );
  for (const id of ["", "out", "one", "two"]) assert.equal(idWarning("milter.settings_id", id, settings), undefined);
  assert.match(
    idWarning("milter.settings_id", "ot", settings) ?? "",
    /^milter\.settings_id: the settings "ot" are not in/,
  );
  assert.match(idWarning("milter.settings_id", "off", settings) ?? "", /are switched off/);
  assert.match(idWarning("milter.settings_id", "constructor", settings) ?? "", /are not in/);
});
