import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../../shared/actor.ts";
import { defineCheck } from "../../shared/check.ts";
import { configOf } from "../../shared/config/live.ts";
import { groupField, makeWeights } from "./weights.ts";

const check = defineCheck({
  name: "A_CHECK",
  about: "A check of this test.",
  stage: "filter",
  group: "own",
  reads: [],
  symbols: {
    A: { score: 2, about: "A symbol of this test.", shots: 5, factor: 3 },
    B: { score: 1, about: "Another symbol.", group: "other" },
  },
  run() {},
});
const actor: Actor = { name: "a", about: "a", checks: [check], config: {}, slots: 1, deadline: 1, reaches: [] };
const sections = { group: groupField };
const weights = (text: string) => makeWeights([actor], configOf(sections, text).get(sections).group, 0.1, new Map());

test("a declaration holds until configuration says otherwise", () => {
  assert.deepEqual(weights("").of("A"), {
    score: 2,
    about: "A symbol of this test.",
    groups: ["own"],
    shots: 5,
    factor: 3,
  });
  assert.deepEqual(weights("").of("B").groups, ["other"]);
  assert.equal(weights("").of("NOBODY").score, 0.1);
});

test("configuration overrides score, meaning, shots and adds groups", () => {
  const text = `group "site" { symbols { "A" { weight = 7; description = "Bad."; one_shot = true; groups = ["x"]; } } }`;
  assert.deepEqual(weights(text).of("A"), {
    score: 7,
    about: "Bad.",
    groups: ["site", "x", "own"],
    shots: 1,
    factor: 3,
  });
});

test("caps come from groups, and stand over the defaults", () => {
  assert.deepEqual(weights("").caps.get("headers"), { max: 8 });
  assert.deepEqual(weights('group "headers" { max_score = 20; }').caps.get("headers"), { max: 20 });
  assert.deepEqual(weights('group "x" { min_score = -3; }').caps.get("x"), { min: -3 });
});

test("how much rules of style count beside what was taught is a matter of their group", () => {
  assert.equal(weights("").shares.get("headers"), 0.5);
  assert.equal(weights("").shares.get("mime_types"), undefined, "what is dangerous counts in full");
  assert.equal(weights('group "headers" { when_taught = 1; }').shares.get("headers"), 1);
  assert.equal(weights('group "own" { when_taught = 0; }').shares.get("own"), 0);
  assert.throws(() => weights('group "own" { when_taught = 2; }'), /when_taught is a share, 0 to 1/);
});

test("one_shot of a group holds for its symbols", () => {
  assert.equal(weights('group "own" { one_shot = true; symbols { "A" { score = 2; } } }').of("A").shots, 1);
  const own = 'group "own" { one_shot = true; symbols { "A" { nshots = 2; } } }';
  assert.equal(weights(own).of("A").shots, 2, "what is said of a symbol beats what is said of its group");
});

test("what is not understood is refused", () => {
  assert.throws(() => weights('group "x" { maximum = 3; }'), /no key "maximum"/);
  assert.throws(() => weights('group "x" { symbols { "A" { score = "much"; } } }'), /score of A is a number/);
  assert.throws(() => weights('group "x" { symbols { "A" { scor = 1; } } }'), /A has no key "scor"/);
});
