// Settings that come with a request, from somebody who means no good or whose program is broken.

import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf } from "../../shared/config/live.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { chooseSettings, compileSettings } from "./settings.ts";
import type { SettingsTask } from "./settings-match.ts";
import { settingsConfig } from "./settings-rule.ts";

const { headers } = analyse(new Uint8Array(0));

function tasked(rcpt: string): SettingsTask {
  return { envelope: { rcpts: [rcpt] }, headers, local: false, requestHeaders: {} };
}

function asked(settings: string) {
  return chooseSettings(compileSettings({}), tasked("a@example.org"), { settings });
}

function compiled(text: string) {
  return compileSettings(configOf(settingsConfig, `settings { ${text} }`).get(settingsConfig).settings);
}

test("names of a prototype are names, and change no prototype", () => {
  const text = '{"plugins": {"__proto__": {"a": 1}}, "scores": {"__proto__": 3}, "actions": {"__proto__": 5}}';
  const { plugins, scores, actions } = asked(text);
  assert.equal("a" in plugins, false);
  assert.equal(Object.getPrototypeOf(plugins), Object.prototype);
  assert.deepEqual([Object.keys(plugins), Object.entries(scores)], [["__proto__"], [["__proto__", 3]]]);
  assert.deepEqual(Object.entries(actions), [["__proto__", 5]]);
});

test("a mistyped action does not become an action of its own, which would have mail accepted", () => {
  const { actions, problems } = asked('{"actions": {"rejct": 5, "add header": 3, "mine": 4}}');
  assert.deepEqual(actions, { "add header": 3, mine: 4 });
  assert.match(problems.join(), /actions rejct is no action, did you mean reject\?/);
  assert.throws(() => compiled("it { rcpt = a; apply { actions { add_headr = 5 } } }"), /add_headr is no action/);
});

test("thousands of headers are not written, and thousands of mistakes are not told", () => {
  const many = Array.from({ length: 2_000 }, (_, index) => `"X-${index}": "v"`).join(",");
  const { addHeaders, problems } = asked(`{"add_headers": {${many}}, "remove_headers": {${many}}}`);
  assert.equal(addHeaders.length, 100);
  assert.equal(problems.length, 20);
  assert.deepEqual(asked(`{"add_headers": {"X": [${'"v",'.repeat(5_000)}]}}`).addHeaders, []);
});

test("sections that double with every line end with an error", () => {
  let text = "a { k = 1 }\n";
  let last = "a";
  for (let level = 0; level < 40; level++) {
    text += `b${level} { x { .inherit ${last} }\n y { .inherit ${last} } }\n`;
    last = `b${level}`;
  }
  assert.match(asked(text).problems.join(), /\.inherit has copied more than 10000 values/);
});

test("a section that is given twice says so", () => {
  assert.match(asked("actions { reject = 1 } actions { reject = 2 }").problems.join(), /actions is given 2 times/);
  assert.throws(() => compiled("it { rcpt = a } it { from = a }"), /settings\.it is given 2 times/);
});

test("international domains are compared in ASCII, whichever way they are written", () => {
  for (const rcpt of ["@bücher.example", "@XN--bcher-kva.example", "joe@BÜCHER.example"]) {
    const settings = compiled(`it { rcpt = "${rcpt}"; apply { A = 1 } }`);
    for (const address of ["joe@bücher.example", "Joe@xn--bcher-kva.EXAMPLE"]) {
      assert.deepEqual(chooseSettings(settings, tasked(address), {}).names, ["it"], `${rcpt} ${address}`);
    }
    assert.deepEqual(chooseSettings(settings, tasked("joe@bucher.example"), {}).names, []);
  }
});

test("a list with nothing in it is warned about", () => {
  const warned: string[] = [];
  const fail = () => assert.fail("nothing else is wrong");
  const notes = {
    at: () => ({ file: "", line: 0, priority: 0 }),
    error: fail,
    refuse: fail,
    unsupported: fail,
    warn(path: readonly (string | number)[], message: string) {
      warned.push(`${path.join(".")} ${message}`);
    },
  };
  settingsConfig.settings.item?.parse?.({ rcpt: [], header: {}, from: "a" }, notes);
  assert.deepEqual(warned, ["rcpt is empty: no mail fits it", "header is empty: no mail fits it"]);
});
