import assert from "node:assert/strict";
import { test } from "node:test";
import { makeFolder } from "../../shared/config/folder.testing.ts";
import { configOf, loadConfig, openConfig } from "../../shared/config/live.ts";
import { describeProblem } from "../../shared/config/problem.ts";
import { clashes, symbolNames, withConfigured } from "../../shared/configured.ts";
import actor from "./actor.ts";
import { regexpConfig } from "./config.ts";

const refused: readonly (readonly [string, RegExp])[] = [
  ['R = "/(one/{mime}"', /regexp\.R is refused: column 1: character 1 of the pattern: this \( is never closed/],
  ['R { re = "/a/{mime} &" }', /regexp\.R\.re is refused: column 12: expected an atom/],
  ['R = "/one/"', /say behind this pattern where it looks/],
  ['R = "//{mime}"', /an empty pattern matches everything/],
  ['R = "/one/{header}"', /\{header\} needs a header/],
  ['R = "Subject=/one/{mime}"', /\{mime\} has no header/],
  ['R = "/one/PU"', /choose one/],
  ['R = "/one/y{mime}"', /a pattern has no flag "y"/],
  ['R = "/one/{nothing}"', /there is no type \{nothing\}/],
  ['R = "has_symbol(A)"', /has_symbol\(\) is a matter of composites/],
  ['R = "nothing()"', /there is no function nothing\(\)/],
  ['R = "header_exists()"', /header_exists\(\): it has 1 arguments, not 0/],
  ['R = "has_flag(odd)"', /it knows the flags/],
  ['R = "has_html_tag(/(?=a)b/)"', /has no look-ahead/],
  ['R = "header_exists(a"', /never closed/],
  ['R = "lonely"', /expected a pattern/],
  ["R { score = 1 }", /regexp\.R\.re must be an expression/],
  ['R { re = "/a/P"; scor = 1 }', /regexp\.R\.scor is no key of a rule/],
  ['R { re = "/a/P"; score = "much" }', /regexp\.R\.score must be a number/],
  ['R = ["/a/P", "/b/P"]', /given once/],
  ['"R!" = "/a/P"', /cannot be the name of a symbol/],
];

for (const [rule, message] of refused) {
  test(`refuses ${rule}, with its place, and nothing else`, (context) => {
    const folder = makeFolder(context, { "local.d/regexp.conf": `GOOD = "/good/{mime}";\n${rule};\nALSO = "/x/P";\n` });
    const { config, problems } = loadConfig({ folder, sections: regexpConfig, environment: {} });
    assert.deepEqual(Object.keys(config.get(regexpConfig).regexp.rules), ["GOOD", "ALSO"]);
    const [problem, ...others] = problems;
    assert.ok(problem);
    assert.deepEqual(others, []);
    assert.match(describeProblem(problem), message);
    assert.match(describeProblem(problem), /local\.d\/regexp\.conf:2: error/);
    openConfig({ folder, sections: regexpConfig, environment: {}, watch: false }).close();
  });
}

test("what Rspamd has and this has not is listed with its place", (context) => {
  const text =
    'A = "lua:check";\nB = "/x/{selector}";\nC = "/x/{stem_words}";\nmax_threads = 4;\nD { re = "/a/P"; condition = "x" }\n';
  const folder = makeFolder(context, { "local.d/regexp.conf": text });
  const { config, problems, unsupported } = loadConfig({ folder, sections: regexpConfig, environment: {} });
  assert.deepEqual(problems, []);
  assert.deepEqual(
    unsupported.map(({ name, line }) => `${name}:${line}`),
    ["regexp.A:1", "regexp.B:2", "regexp.C:3", "regexp.max_threads:4", "regexp.D.condition:5"],
  );
  assert.deepEqual(Object.keys(config.get(regexpConfig).regexp.rules), ["D"]);
});

test("what is printed is read as the same", () => {
  const text = 'regexp { max_size = 64kb; A { re = "/a\\.b/{mime}"; score = 2; group = g }; B = "/b/{body}" }';
  const { regexp } = configOf(regexpConfig, text).get(regexpConfig);
  const printed = JSON.stringify({ regexp: regexpConfig.regexp.print?.(regexp) });
  assert.deepEqual(configOf(regexpConfig, printed).get(regexpConfig).regexp, regexp);
});

test("limits have limits", () => {
  const read = (text: string) => configOf(regexpConfig, `regexp { ${text} }`).get(regexpConfig).regexp;
  assert.equal(read("max_size = 64kb").maxSize, 65_536);
  assert.equal(read("time_limit = 20ms").timeLimit, 20);
  assert.throws(() => read("max_size = 1"), /max_size must be a number from 1024/);
  assert.throws(() => read("time_limit = 1min"), /time_limit must be a number/);
});

test("rules are symbols of the check that can raise them, and a check without rules is not asked", () => {
  const resolved = (text: string) => withConfigured([actor], configOf(regexpConfig, text))[0]?.checks ?? [];
  const [rules, raw] = resolved('regexp { A { re = "/a/A{mime}"; score = 2; group = g } }');
  assert.equal(rules?.off, undefined);
  assert.deepEqual(rules?.symbols.A, {
    score: 2,
    about: "The rule regexp.A holds.",
    group: "g",
    shots: 1,
    key: "regexp.A",
    factor: 100,
  });
  assert.equal(raw?.off, true);
  assert.deepEqual(Object.keys(resolved('regexp { B = "/b/{body}" }')[1]?.symbols ?? {}), ["REGEXP_RAW_TIMEOUT", "B"]);
});

test("a rule with the name of a symbol that is there is refused by its key", () => {
  const config = configOf(regexpConfig, 'regexp { REGEXP_TIMEOUT = "/a/P"; A = "/a/P" }');
  assert.deepEqual(
    clashes([actor], config).map(({ message }) => message),
    ["regexp.REGEXP_TIMEOUT: REGEXP_CHECK raises this symbol already"],
  );
  assert.ok(symbolNames([actor], config).has("A"));
});
