import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf } from "../../shared/config/live.ts";
import { compileForceActions, forceActions, forceActionsConfig } from "./force-actions.ts";
import { presentSymbols } from "./present-symbols.ts";
import { actionsField } from "./thresholds.ts";

function compiled(text: string) {
  const { force_actions } = configOf(forceActionsConfig, `force_actions { rules { ${text} } }`).get(forceActionsConfig);
  const sections = { actions: actionsField };
  const { actions } = configOf(sections, "actions { hold { score = 9; } }").get(sections);
  return compileForceActions(force_actions.rules, actions);
}

const rules = `
  VIRUS { action = reject; expression = "IN_WHITELIST & (CLAM_VIRUS | FPROT_VIRUS)"; message = "Virus suspected" }
  BULK { action = "rewrite subject"; expression = "DCC_BULK"; subject = "[BULK] %s"; honor_action = [reject, add_header] }
  UPGRADE { action = add_header; expression = "BAYES_SPAM"; require_action = ["no action", greylist] }
  ATLEAST { action = quarantine; expression = "g:viruses"; least = yes }`;

function forced(symbols: string, action: string, text = rules) {
  const { rules: made, faults } = compiled(text);
  assert.deepEqual(faults, []);
  const groups = (symbol: string) => (symbol.endsWith("_VIRUS") ? ["viruses"] : []);
  const hits = symbols.split(" ").map((symbol) => ({ symbol }));
  return forceActions(
    made,
    presentSymbols(hits, (symbol) => ({ score: 0, groups: groups(symbol) })),
    (forced) => forced.at(-1)?.action ?? action,
  );
}

test("a rule honours what another one has forced; those without conditions come first", () => {
  const text = `
    A { action = greylist; expression = "X"; honor_action = [reject] }
    B { action = discard; expression = "X"; require_action = [greylist] }
    Z { action = reject; expression = "VIRUS" }`;
  const by = (symbols: string) => forced(symbols, "no action", text).map(({ hit }) => hit.symbol);
  assert.deepEqual(by("X VIRUS"), ["FORCE_ACTION_Z"]);
  assert.deepEqual(by("X"), ["FORCE_ACTION_A", "FORCE_ACTION_B"]);
});

test("a rule whose expression holds sets action and message", () => {
  const [first, second] = forced("IN_WHITELIST CLAM_VIRUS", "no action");
  assert.deepEqual(second, {
    action: "reject",
    message: "Virus suspected",
    priority: 9,
    by: "force_actions(VIRUS)",
    hit: { symbol: "FORCE_ACTION_VIRUS", options: ["reject"] },
  });
  assert.deepEqual(first, {
    action: "quarantine",
    least: true,
    priority: 9,
    by: "force_actions(ATLEAST)",
    hit: { symbol: "FORCE_ACTION_ATLEAST", options: ["quarantine"] },
  });
  assert.deepEqual(forced("IN_WHITELIST", "no action"), []);
});

const conditions: readonly (readonly [string, string, string])[] = [
  ["DCC_BULK", "no action", "force_actions(BULK)"],
  ["DCC_BULK", "reject", ""],
  ["DCC_BULK", "add header", ""],
  ["BAYES_SPAM", "greylist", "force_actions(UPGRADE)"],
  ["BAYES_SPAM", "reject", ""],
];

for (const [symbols, action, by] of conditions) {
  test(`${symbols} with the action ${action}`, () => {
    assert.equal(
      forced(symbols, action)
        .map((result) => result.by)
        .join(),
      by,
    );
  });
}

test("a rule may carry a subject", () => {
  assert.equal(forced("DCC_BULK", "no action")[0]?.subject, "[BULK] %s");
});

const refused: readonly (readonly [string, string])[] = [
  ['X { action = reject; expression = "A &" }', "expression: column 4: expected an atom, but the expression ends"],
  ["X { action = reject }", "expression: column 1: the expression is empty"],
  ['X { expression = "A" }', "action: is missing"],
  ['X { action = reject; expression = "~A" }', "expression: ~A: a prefix means something in composites only"],
  [
    "X { action = reject; expression = A; message = '$\u007bfrom}' }",
    "message: selectors in messages are not supported",
  ],
  [
    'X { action = reject; expression = A; message = "a\\r\\nb" }',
    "message: must have no line ends and control characters",
  ],
];

for (const [text, message] of refused) {
  test(`leaves out ${text}`, () => {
    const { rules: made, faults } = compiled(text);
    assert.equal(made.length, 0);
    assert.deepEqual(
      faults.map((fault) => [fault.code, fault.message]),
      [["bad-config", `force_actions.rules.X.${message}`]],
    );
  });
}

test("a rule names actions that there are", () => {
  const wrong = (text: string) => compiled(`R { expression = "X"; ${text} }`).faults.map(({ message }) => message);
  assert.deepEqual(wrong("action = hold; require_action = [add_header, hold]"), []);
  assert.match(wrong("action = rejct")[0] ?? "", /R\.action: there is no action "rejct" \(nearest: reject\)/);
  assert.match(wrong('action = reject; require_action = "bananas"')[0] ?? "", /R\.require_action: .* "bananas"$/);
  assert.match(wrong('action = reject; honor_action = "greylst"')[0] ?? "", /R\.honor_action: .*greylist/);
});
