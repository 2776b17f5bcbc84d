import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf } from "../../shared/config/live.ts";
import type { Standing } from "../../shared/task.ts";
import { automaticLesson } from "./autolearn.ts";
import { classifierConfig } from "./config.ts";

function lesson(autolearn: string, action: string, score: number, symbols: Readonly<Record<string, number>>) {
  const { classifier } = configOf(classifierConfig, `classifier "bayes" { ${autolearn} }`).get(classifierConfig);
  const raised = Object.entries(symbols).map(([name, score]) => ({ name, score }));
  const standing: Standing = { action, score, required: 15, symbols: raised };
  return automaticLesson(() => standing, classifier.bayes)?.label ?? null;
}

const bad = { A: 9, B: 9 };

test("nothing is learned from verdicts unless configured", () => {
  assert.equal(lesson("", "reject", 30, bad), null);
  assert.equal(lesson("autolearn = no", "reject", 30, bad), null);
  assert.equal(lesson("enabled = no; autolearn = yes", "reject", 30, bad), null);
});

test("yes: rejected mail is spam, clean mail below zero is ham", () => {
  assert.equal(lesson("autolearn = yes", "reject", 16, bad), "spam");
  assert.equal(lesson("autolearn = yes", "reject", 16, { A: 16 }), null, "one symbol is one opinion");
  assert.equal(lesson("autolearn = yes", "add header", 14, bad), null);
  assert.equal(lesson("autolearn = yes", "no action", -0.2, { A: -0.2 }), "ham");
  assert.equal(lesson("autolearn = yes", "no action", 0.5, { A: 0.5 }), null);
  assert.equal(lesson("autolearn = yes", "greylist", -1, { A: -1 }), null);
});

test("what the classifier said itself is no news to it", () => {
  assert.equal(lesson("autolearn = yes", "reject", 18, { ...bad, BAYES_SPAM: 5.1 }), null);
  assert.equal(lesson("autolearn = yes", "reject", 15, { ...bad, BAYES_HAM: -3 }), "spam");
  assert.equal(lesson("autolearn = yes", "no action", -3, { A: -1, BAYES_HAM: -2 }), null);
});

test("two scores: ham up to the first, spam from the second", () => {
  assert.equal(lesson("autolearn = [-5, 20]", "reject", 19, bad), null);
  assert.equal(lesson("autolearn = [-5, 20]", "reject", 20, bad), "spam");
  assert.equal(lesson("autolearn = [-5, 20]", "no action", -4, { A: -4 }), null);
  assert.equal(lesson("autolearn = [-5, 20]", "no action", -5, { A: -5 }), "ham");
});

test("a section: thresholds, also for marked mail", () => {
  const section = "autolearn { spam_threshold = 6; junk_threshold = 4; ham_threshold = -0.5 }";
  assert.equal(lesson(section, "reject", 6, bad), "spam");
  assert.equal(lesson(section, "add header", 4, bad), "spam");
  assert.equal(lesson(section, "add header", 3.9, bad), null);
  assert.equal(lesson(section, "no action", -0.4, { A: -0.4 }), null);
  const three = { A: -1, B: -1, C: -1, D: 2.5 };
  assert.equal(lesson(section, "no action", -0.5, three), "ham");
});

test("what cannot be is refused", () => {
  const wrong = [
    "autolearn = 5",
    "autolearn = [5, 1]",
    "autolearn { spam_treshold = 6 }",
    'autolearn { ham_threshold = "x" }',
  ];
  for (const text of [...wrong, 'per_user = "nobody"', "min_tokens = 0"]) {
    assert.throws(() => configOf(classifierConfig, `classifier "bayes" { ${text} }`), { code: "bad-config" }, text);
  }
});
