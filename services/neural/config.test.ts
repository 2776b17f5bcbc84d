import assert from "node:assert/strict";
import { test } from "node:test";
import { makeFolder } from "../../shared/config/folder.testing.ts";
import { configOf } from "../../shared/config/live.ts";
import { load } from "../../shared/config/load.ts";
import { neuralConfig, profilesOf } from "./config.ts";
import { symbols } from "./symbols/check.ts";

const profiles = (text: string) => profilesOf(configOf(neuralConfig, text).get(neuralConfig).neural);

test("three networks, each with a memory of its own", () => {
  assert.deepEqual(
    profiles("").map(({ name, symbolSpam, maxTrains }) => [name, symbolSpam, maxTrains]),
    [
      ["short", "NEURAL_SPAM_SHORT", 100],
      ["normal", "NEURAL_SPAM", 1000],
      ["long", "NEURAL_SPAM_LONG", 5000],
    ],
  );
});

test("rules as Rspamd's documentation writes them", () => {
  const [long] = profiles(`neural { rules { "LONG" { train { max_trains = 200; learning_rate = 0.05; }
    symbol_spam = "MY_SPAM"; ann_expire = 10d; } } }`);
  assert.deepEqual(
    [long?.symbolSpam, long?.symbolHam, long?.maxTrains, long?.maxIterations, long?.learningRate, long?.expire],
    ["MY_SPAM", "NEURAL_HAM_LONG", 200, 25, 0.05, 10 * 86_400_000],
  );
});

test("the file of Rspamd's package loads, and says what has no effect", (context) => {
  const folder = makeFolder(context, {
    "rspamd.conf": `.include(glob=true) "\${CONFDIR}/modules.d/*.conf"`,
    "modules.d/neural.conf": `neural { train { max_trains = 1k; max_usages = 20; learning_rate = 0.01; max_iterations = 25; }
      timeout = 20; }`,
  });
  const { problems, values, unsupported } = load({ folder, sections: neuralConfig, environment: {} });
  assert.deepEqual(problems, []);
  const names = unsupported.map(({ name }) => name);
  assert.ok(names.includes("neural.timeout") && names.includes("neural.train.max_usages"), names.join(" "));
  assert.match(JSON.stringify(values.neural), /"max_trains":1000/);
});

test("the symbols of rules are declared, and none when the actor is off", () => {
  const names = (text: string) =>
    Object.keys(symbols.configured?.(configOf(neuralConfig, text).get(neuralConfig)) ?? {});
  assert.equal(names("").length, 6);
  assert.deepEqual(names('neural { rules { mine { symbol_ham = "GOOD" } } }'), ["NEURAL_SPAM_MINE", "GOOD"]);
  assert.deepEqual(names("neural { enabled = no }"), []);
});
