import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf } from "../../shared/config/live.ts";
import { describeProblem } from "../../shared/config/problem.ts";
import { parseTree } from "../../shared/config/ucl.ts";
import { validate } from "../../shared/config/validate.ts";
import { decide } from "./decide.ts";
import { actionName, actionsField } from "./thresholds.ts";

const sections = { actions: actionsField };
const read = (text: string) => configOf(sections, text).get(sections).actions;
const thresholdOf = (text: string, name: string) => read(text).rules.find((rule) => rule.name === name)?.threshold;

test("without configuration the thresholds that operators expect", () => {
  assert.equal(thresholdOf("", "reject"), 15);
  assert.equal(thresholdOf("", "add header"), 6);
  assert.equal(thresholdOf("", "greylist"), 4);
  assert.equal(thresholdOf("", "rewrite subject"), null);
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
  assert.throws(() => read('actions { reject = "often"; }'), /actions\.reject must be a number/);
  assert.throws(() => read("actions { grow_factor = yes; }"), /needs a number as grow_factor/);
});

test("a slip of the pen is no action of its own, which mail servers would accept", () => {
  for (const [slip, meant] of [
    ["rejct", "reject"],
    ["addheader", "add_header"],
    ["rewrite_subjct", "rewrite_subject"],
    ["grow_facter", "grow_factor"],
  ]) {
    assert.throws(
      () => read(`actions { ${slip} = 7; }`),
      new RegExp(`actions\\.${slip} is no action.*\\(nearest: ${meant}\\)`),
    );
    assert.equal(thresholdOf(`actions { ${slip} { score = 7; } }`, slip ?? ""), 7);
  }
  assert.equal(thresholdOf("actions { tag_and_tell = 7; }", "tag_and_tell"), 7);
});

test("the section may come in pieces, a value may not come twice", () => {
  const pieces = "actions { reject = 12; } actions { greylist = 3; }";
  assert.deepEqual([thresholdOf(pieces, "reject"), thresholdOf(pieces, "greylist")], [12, 3]);
  assert.throws(() => read("actions { reject = 12; } actions { reject = 3; }"), /more than one value for "reject"/);
  assert.throws(() => read("actions { reject = 12; reject = 3; }"), /more than one value for "reject"/);
  assert.throws(() => read("actions = 5;"), /actions must be a section/);
});

test("a threshold above that of reject is a warning: it lets mail pass", () => {
  const warnings = (text: string) => {
    const { problems } = validate(parseTree(text, "t").root, sections, () => false);
    return problems.map(describeProblem);
  };
  assert.deepEqual(warnings("actions { reject = 6; add_header = 5; }"), []);
  assert.deepEqual(warnings("actions {\n reject = 5;\n}"), [
    "t:1: warning: actions has reject at 5 below add header: mail from 6 on is not rejected",
  ]);
  assert.deepEqual(warnings("actions { reject = null; }"), []);
});

test("without a threshold a subject can be rewritten all the same, unless the action is off", () => {
  const forced = [{ action: "rewrite subject", by: "force_actions(BULK)" }];
  assert.equal(decide(20, read("").rules, forced).action, "rewrite subject");
  assert.equal(decide(20, read("actions { rewrite_subject = null; }").rules, forced).action, "reject");
  assert.equal(decide(20, read("").rules, []).action, "reject");
});
