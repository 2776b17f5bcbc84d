import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf } from "../../shared/config/live.ts";
import { Fault } from "../../shared/fault.ts";
import type { Header, Headers, Mailbox } from "../../shared/task.ts";
import type { AppliedSettings, Settings, SettingsRequest } from "./settings.ts";
import { chooseSettings, compileSettings, noSettings } from "./settings.ts";
import type { SettingsTask } from "./settings-match.ts";
import { settingsConfig } from "./settings-rule.ts";
import { isCheckOn, isSymbolOn } from "./settings-switches.ts";

function mailbox(address: string): Mailbox {
  return { name: "", address, user: "", host: "", domain: "", valid: true };
}

function header(name: string, value: string): Header {
  return { name, key: name.toLowerCase(), raw: ` ${value}`, value };
}

const headers: Headers = {
  fields: [header("X-Mark", "Alpha beta"), header("Subject", "Hello")],
  subject: "Hello",
  from: [mailbox("Boss@example.com")],
  sender: [],
  replyTo: [],
  to: [mailbox("team@example.org")],
  cc: [mailbox("other@example.org")],
  bcc: [],
  messageId: null,
  date: null,
};

const task: SettingsTask = {
  envelope: {
    ip: "172.16.3.4",
    hostname: "mx.example.net",
    helo: "mx.example.net",
    from: "bounce@Lists.example.com",
    rcpts: ["admin@example.org", "user12@example.org"],
    user: "joe@example.net",
  },
  headers,
  local: false,
  clientIp: "::1",
  requestHeaders: { "mta-tag": "out.example.net" },
};

function compiled(text: string): Settings {
  return compileSettings(configOf(settingsConfig, `settings { ${text} }`).get(settingsConfig).settings);
}

function chosen(text: string, request: SettingsRequest = {}, changed: Partial<SettingsTask> = {}): AppliedSettings {
  return chooseSettings(compiled(text), { ...task, ...changed }, request);
}

const matching = [
  'ip = "172.16.0.0/16"',
  'ip = ["192.0.2.1", "172.16.3.4"]',
  'client_ip = "::1"',
  'from = "@lists.example.com"',
  'from = "bounce"',
  'from = "bounce@lists.example.com"',
  'from = "/^bounce@.*example/"',
  'from = "/^BOUNCE/i"',
  'from_mime = "boss@example.com"',
  'rcpt = "admin"',
  'rcpt = "nobody"; rcpt = "/user.*/"',
  'rcpt_mime = "other@example.org"',
  'user = "@example.net"',
  "authenticated = yes",
  "local = no",
  'hostname = "MX.example.net"',
  'hostname = "/\\.example\\.net$/"',
  'helo = "mx.example.net"',
  'header { X-Mark = "beta$" }',
  'header { "x-mark" = "/^alpha/i"; Other = "x" }',
  "header { X-Mark = yes }",
  "header { X-None = no }",
  'request_header { "MTA-Tag" = "\\.example\\.net$" }',
  'from = "@lists.example.com"; rcpt = "admin"',
  'from = "nobody"; inverse = yes',
  'from = "nobody"; rcpt = "stranger"; inverse = yes',
  'from = "bounce"; rcpt = "nobody"; expression = "from & rcpt"; inverse = yes',
  'from = "nobody"; rcpt = "admin"; expression = "from | rcpt"',
  'from = "nobody"; rcpt = "admin"; expression = "not from and rcpt"',
];

for (const match of matching) {
  test(`matches ${match}`, () => {
    assert.deepEqual(chosen(`it { ${match}; apply { A = 1 } }`).scores, { A: 1 });
  });
}

const notMatching = [
  'ip = "172.17.0.0/16"',
  'client_ip = "127.0.0.1"',
  'from = "@example.com"',
  'from = "boun"',
  'from = "<>"',
  'from = "/^BOUNCE/"',
  'rcpt = "@example.net"',
  "authenticated = no",
  "local = yes",
  'hostname = "example.net"',
  'header { X-Mark = "gamma" }',
  "header { X-Mark = no }",
  'request_header { "MTA-Name" = "." }',
  'from = "@lists.example.com"; rcpt = "nobody"',
  'from = "bounce"; inverse = yes',
  'from = "bounce"; rcpt = "nobody"; inverse = yes',
];

for (const match of notMatching) {
  test(`does not match ${match}`, () => {
    assert.equal(chosen(`it { ${match}; apply { A = 1 } }`), noSettings);
  });
}

test("a message that the gateway knows nothing of matches no key", () => {
  const bare: SettingsTask = { envelope: { rcpts: [] }, headers, local: false, requestHeaders: {} };
  for (const match of ['ip = "0.0.0.0/0"', 'client_ip = "::/0"', 'from = "/./"', 'user = "/./"', 'hostname = "/./"']) {
    assert.equal(chooseSettings(compiled(`it { ${match}; apply { A = 1 } }`), bare, {}), noSettings);
  }
});

test("the null sender is <>", () => {
  const changed = { envelope: { rcpts: [], from: "" } };
  assert.deepEqual(chosen('it { from = "<>"; apply { A = 1 } }', {}, changed).names, ["it"]);
});

test("addresses are compared in whatever spelling", () => {
  const changed = (ip: string) => ({ envelope: { rcpts: [], ip } });
  const rule = 'it { ip = ["2001:db8::/32", "10.0.0.0/9"]; apply { A = 1 } }';
  assert.deepEqual(chosen(rule, {}, changed("2001:DB8:0:0::5")).names, ["it"]);
  assert.deepEqual(chosen(rule, {}, changed("::ffff:10.1.2.3")).names, ["it"]);
  assert.deepEqual(chosen(rule, {}, changed("10.128.0.1")).names, []);
  assert.deepEqual(chosen(rule, {}, changed("2001:db9::")).names, []);
  assert.deepEqual(chosen(rule, {}, changed("no address")).names, []);
});

test("the first rule by priority, then by name, is the one", () => {
  const rule = (name: string, priority: string) =>
    `${name} { priority = ${priority}; rcpt = admin; apply { ${name} = 1 } }`;
  assert.deepEqual(chosen(`${rule("c", "low")} ${rule("b", "high")} ${rule("a", "medium")}`).names, ["b"]);
  assert.deepEqual(chosen(`${rule("c", "2")} ${rule("b", "medium")} ${rule("a", "1")}`).names, ["b"]);
  assert.deepEqual(chosen(`${rule("a", "low")} ${rule("z", "10")}`).names, ["z"]);
});

test("an id selects a rule, the name where it has no id", () => {
  const rules = 'one { id = outbound; apply { A = 1 } } two { user = "nobody"; apply { A = 2 } }';
  assert.deepEqual(chosen(rules, { settingsId: "outbound" }).scores, { A: 1 });
  assert.deepEqual(chosen(rules, { settingsId: "two" }).scores, { A: 2 });
  assert.equal(chosen(rules), noSettings);
});

test("an id that does not exist is a warning, and the rest applies", () => {
  const settings = chosen("one { rcpt = admin; apply { A = 1 } }", { settingsId: "nope" });
  assert.deepEqual(settings.scores, { A: 1 });
  assert.deepEqual(settings.problems, ['there are no settings with the id "nope"']);
});

test("selected, matched and carried settings come together, the later ones win", () => {
  const rules =
    "named { id = x; apply { A = 1; B = 1; C = 1; subject = one; actions { reject = 1 } } }" +
    "matched { rcpt = admin; apply { B = 2; C = 2; subject = two; flags = [no_log] } }";
  const settings = chosen(rules, { settingsId: "x", settings: "{C = 3; flags = pass_all}" });
  assert.deepEqual(settings.names, ["named", "matched", "request"]);
  assert.deepEqual(settings.scores, { A: 1, B: 2, C: 3 });
  assert.equal(settings.subject, "two");
  assert.deepEqual([...settings.flags], ["no_log", "pass_all"]);
  assert.deepEqual(settings.actions, { reject: 1 });
});

test("a rule that is selected and matches is applied once", () => {
  const settings = chosen("one { rcpt = admin; symbols = [X]; apply { A = 1 } }", { settingsId: "one" });
  assert.deepEqual(settings.names, ["one"]);
  assert.deepEqual(settings.symbols, [{ symbol: "X" }]);
});

test("everything that apply knows", () => {
  const settings = chosen(`it { rcpt = admin; want_spam = no; symbols [ "S1" ]
    apply "default" {
      actions { reject = 100.0; add_header = 5; "rewrite subject" = null; mine { score = 3 } }
      BAYES_SPAM = 7; scores { OTHER = -1.5 }
      subject = "[spam] %s"; flags = [no_log, pass_all];
      symbols { S2 = 2.5; S3 = yes }
      add_headers { X-One = one; X-Two = [a, { value = b; order = 1 }] }
      remove_headers { X-Old = 0; X-Last = -1 }
      messages { smtp_message = "Go away" }
      plugins { milter_headers { routines = [x-spam-status] } }
    } }`);
  assert.deepEqual(settings, {
    names: ["it"],
    actions: { reject: 100, "add header": 5, "rewrite subject": null, mine: 3 },
    scores: { BAYES_SPAM: 7, OTHER: -1.5 },
    switches: { only: false, symbols: new Map(), groups: new Map() },
    key: "",
    subject: "[spam] %s",
    flags: new Set(["no_log", "pass_all"]),
    skip: false,
    symbols: [{ symbol: "S2", score: 2.5 }, { symbol: "S3" }, { symbol: "S1" }],
    addHeaders: [
      { name: "X-One", value: "one", order: -1 },
      { name: "X-Two", value: "a", order: -1 },
      { name: "X-Two", value: "b", order: 1 },
    ],
    removeHeaders: [
      { name: "X-Old", index: 0 },
      { name: "X-Last", index: -1 },
    ],
    messages: { smtp_message: "Go away" },
    plugins: { milter_headers: { routines: ["x-spam-status"] } },
    problems: [],
  });
});

for (const skip of ["want_spam = yes", "whitelist = yes", "apply { want_spam = yes }", "apply { flags = skip }"]) {
  test(`${skip} skips the scan`, () => {
    assert.equal(chosen(`it { rcpt = admin; ${skip} }`).skip, true);
  });
}

const spf = { name: "SPF_CHECK", group: "spf", symbols: { R_SPF_ALLOW: {}, R_SPF_FAIL: { group: "policies" } } };
const quiet = { name: "QUIET_CHECK", group: "quiet", symbols: {} };

const switches: readonly (readonly [string, boolean, boolean, boolean])[] = [
  // apply, SPF_CHECK asked, R_SPF_FAIL raised, QUIET_CHECK asked
  ["groups_disabled = [spf]", true, true, true],
  ["groups_disabled = [spf, policies]", false, false, true],
  ["symbols_disabled = [R_SPF_FAIL]", true, false, true],
  ["symbols_disabled = [SPF_CHECK]", false, false, true],
  ["symbols_enabled = [R_SPF_FAIL]", true, true, false],
  ["symbols_enabled = [SPF_CHECK]", true, true, false],
  ["groups_enabled = [spf]", true, false, false],
  ["enable_groups = [quiet]", false, false, true],
  ["groups_enabled = [policies]; symbols_disabled = [R_SPF_FAIL]", false, false, false],
  ["symbols_enabled = [R_SPF_FAIL]; symbols_disabled = [R_SPF_FAIL]", false, false, false],
  ["groups_disabled = [policies]; symbols_enabled = [R_SPF_FAIL]", true, true, false],
  ["groups_enabled = [quiet]; policy = implicit_allow", true, true, true],
  ["policy = implicit_deny", false, false, false],
  ["symbols_enabled = []", false, false, false],
  ["groups_enabled = []", false, false, false],
];

for (const [apply, isAsked, isRaised, isQuietAsked] of switches) {
  test(`apply { ${apply} }`, () => {
    const { switches: made, key } = chosen(`it { rcpt = admin; apply { ${apply} } }`);
    assert.equal(isCheckOn(made, spf), isAsked);
    assert.equal(isSymbolOn(made, "R_SPF_FAIL", ["policies"], "SPF_CHECK"), isRaised);
    assert.equal(isCheckOn(made, quiet), isQuietAsked);
    assert.notEqual(key, "");
  });
}

test("a later block overrules an earlier one", () => {
  const { switches: made } = chosen("it { rcpt = admin; apply { symbols_disabled = [A]; groups_disabled = [g] } }", {
    settings: '{"symbols_enabled": ["A"], "policy": "implicit_allow"}',
  });
  assert.equal(isSymbolOn(made, "A", []), true);
  assert.equal(isSymbolOn(made, "B", ["g"]), false);
  assert.equal(isSymbolOn(made, "C", []), true);
});

test("equal switches have equal keys, in whatever order they were written, and keys are short", () => {
  const keyFor = (apply: string) => chosen(`it { rcpt = admin; apply { ${apply} } }`).key;
  assert.equal(keyFor("symbols_disabled = [A, B]"), keyFor("symbols_disabled = [B, A]; C = 4"));
  assert.notEqual(keyFor("symbols_disabled = [A]"), keyFor("symbols_enabled = [A]"));
  assert.notEqual(keyFor("symbols_disabled = [A]"), keyFor("groups_disabled = [A]"));
  const many = Array.from({ length: 500 }, (_, index) => `SYMBOL_${index}`).join(", ");
  assert.equal(keyFor(`symbols_disabled = [${many}]`).length, 64);
});

const refused: readonly (readonly [string, RegExp])[] = [
  ['it { ip = "300.1.1.1" }', /settings\.it\.ip.*"300\.1\.1\.1" is neither an address nor a network/],
  ['it { ip = "10.0.0.0\\/33" }', /"10\.0\.0\.0\/33" has no prefix of 0 to 32/],
  ['it { rcpt = "*@example.org" }', /settings\.it\.rcpt.*no address, @domain, user or \/pattern\//],
  ['it { rcpt = "/(a/" }', /never closed/],
  ['it { recpt = "a" }', /settings\.it\.recpt is no key of a rule of settings/],
  ['it { selector = "user" }', /settings\.it\.selector is not supported/],
  ["it { priority = urgent; rcpt = a }", /settings\.it\.priority must be high, medium, low/],
  ['it { rcpt = a; expression = "rcpt & from" }', /expression names from, which this rule does not have/],
  ['it { rcpt = a; expression = "rcpt &" }', /expression column 7/],
  ["it { rcpt = a; apply { actons { } } }", /apply\.actons is no key of settings, and no score of a symbol/],
  ["it { rcpt = a; apply { actions { reject = high } } }", /actions\.reject must be a score/],
  ["it { rcpt = a; apply { flags = [pas_all] } }", /"pas_all" is no flag/],
  ["it { rcpt = a; apply { policy = deny } }", /policy must be one of/],
  ['it { rcpt = a; apply { add_headers { "X Y" = 1 } } }', /X Y is no name of a header/],
  ['it { rcpt = a; apply { subject = "a\\nb" } }', /subject must be a text without line ends/],
  ["it { authenticated = maybe }", /authenticated must be yes or no/],
];

for (const [text, message] of refused) {
  test(`refuses settings { ${text} }`, () => {
    assert.throws(
      () => compiled(text),
      (thrown) => thrown instanceof Fault && thrown.code === "bad-config" && message.test(thrown.message),
    );
  });
}

test("bad settings of a request are a problem, not a failure, and the rest of them applies", () => {
  const settings = chosen("", { settings: '{"symbol1": 10, "actions": {"reject": "x"}, "flags": ["pas_all"]}' });
  assert.deepEqual(settings.scores, { symbol1: 10 });
  assert.equal(settings.problems.length, 2);
  assert.match(settings.problems.join("\n"), /actions reject must be a score[\s\S]*did you mean pass_all\?/);
  assert.match(chosen("", { settings: "{" }).problems.join(), /^settings of the request: /);
  assert.match(chosen("", { settings: "a".repeat(70_000) }).problems.join(), /at most 65536 characters/);
  assert.match(chosen("", { settings: "[".repeat(50_000) }).problems.join(), /settings/);
});

test("headers that settings add are encoded", () => {
  const settings = chosen("", { settings: '{"add_headers": {"X-Name": "Grüße"}}' });
  assert.deepEqual(settings.addHeaders, [{ name: "X-Name", value: "=?UTF-8?B?R3LDvMOfZQ==?=", order: -1 }]);
});

test("names of properties of objects are nothing special", () => {
  const settings = chosen("", { settings: '{"__proto__": {"skip": true}, "constructor": 3, "toString": "x"}' });
  assert.equal(settings.skip, false);
  assert.deepEqual(Object.keys(settings.scores), ["constructor"]);
});

test("settings without rules cost nothing", () => {
  assert.equal(chosen(""), noSettings);
});

test("a rule that is switched off is not there", () => {
  assert.equal(chosen("it { enabled = no; rcpt = admin; apply { A = 1 } }"), noSettings);
});
