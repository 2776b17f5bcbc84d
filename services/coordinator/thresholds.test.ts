import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf } from "../../shared/config/live.ts";
import { actionName, actionsField } from "./thresholds.ts";

const sections = { actions: actionsField };
const read = (text: string) => configOf(sections, text).get(sections).actions;
const thresholdOf = (text: string, name: string) => read(text).rules.find((rule) => rule.name === name)?.threshold;

test("without configuration the thresholds that operators expect", () => {
  assert.equal(thresholdOf("", "reject"), 15);
  assert.equal(thresholdOf("", "add header"), 6);
  assert.equal(thresholdOf("", "greylist"), 4);
  assert.equal(thresholdOf("", "rewrite subject"), undefined);
});

test("names as in files and as in the protocol", () => {
  assert.equal(actionName("add_header"), "add header");
  assert.equal(actionName("my_action"), "my_action");
  assert.equal(thresholdOf("actions { add_header = 7; }", "add header"), 7);
  assert.equal(thresholdOf('actions { "add header" = 7; }', "add header"), 7);
});

test("null switches an action off, sections give a score or none", () => {
  assert.equal(thresholdOf("actions { greylist = null; }", "greylist"), undefined);
  assert.equal(thresholdOf("actions { hold { score = 9; } }", "hold"), 9);
  assert.equal(thresholdOf('actions { hold { flags = ["no_threshold"]; } }', "hold"), null);
});

test("subject, grow factor and the weight of unknown symbols", () => {
  const actions = read('actions { subject = "[%d] %s"; grow_factor = 1.1; unknown_weight = 0.5; }');
  assert.deepEqual([actions.subject, actions.growFactor, actions.unknownWeight], ["[%d] %s", 1.1, 0.5]);
});

test("what is no number is refused", () => {
  assert.throws(() => read('actions { reject = "often"; }'), /threshold of "reject" is a number/);
  assert.throws(() => read("actions { grow_factor = yes; }"), /grow_factor is a number/);
});
