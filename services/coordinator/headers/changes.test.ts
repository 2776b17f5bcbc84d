import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf } from "../../../shared/config/live.ts";
import { Fault } from "../../../shared/fault.ts";
import type { Header } from "../../../shared/task.ts";
import type { SymbolResult } from "../../../shared/verdict.ts";
import { headerChanges } from "./changes.ts";
import type { MilterHeaders } from "./config.ts";
import { milterHeadersConfig, routineNames } from "./config.ts";
import type { Outcome } from "./routine.ts";

function configured(text: string): MilterHeaders {
  return configOf(milterHeadersConfig, `milter_headers { ${text} }`).get(milterHeadersConfig).milter_headers;
}

function symbol(name: string, score: number, options: readonly string[] = []): SymbolResult {
  return { name, score, weight: score, group: "", about: "", options };
}

function header(name: string, value: string): Header {
  return { name, key: name.toLowerCase(), raw: ` ${value}`, value };
}

const outcome: Outcome = {
  envelope: { from: "joe@example.com", rcpts: ["ann@example.org"], queueId: "4XYZ", mtaName: "mx.example.org" },
  headers: {
    fields: [],
    subject: null,
    from: [],
    sender: [],
    replyTo: [],
    to: [],
    cc: [],
    bcc: [],
    messageId: null,
    date: null,
  },
  action: "add header",
  score: 7.3,
  required: 15,
  symbols: [symbol("B_SYMBOL", 1.5, ["one", "two"]), symbol("A_SYMBOL", 0), symbol("GOOD", -2)],
  local: false,
  hostname: "filter.example.org",
  authentication: [],
};

/** Headers that a configuration adds, as lines. */
function added(text: string, changed: Partial<Outcome> = {}): readonly string[] {
  const { addHeaders } = headerChanges(configured(text), { ...outcome, ...changed });
  return addHeaders.map(({ name, value }) => `${name}: ${value}`);
}

function use(...names: readonly string[]): string {
  return `use = [${names.map((name) => `"${name}"`).join(", ")}];`;
}

test("by default only the marker of another filter goes", () => {
  assert.deepEqual(headerChanges(configured(""), outcome), {
    addHeaders: [],
    removeHeaders: [{ name: "X-Spam", index: 0 }],
    unknown: [],
  });
  assert.deepEqual(headerChanges(configured("remove_upstream_spam_flag = no"), outcome).removeHeaders, []);
});

const values: readonly (readonly [string, Partial<Outcome>, readonly string[]])[] = [
  [use("x-spamd-bar"), {}, ["X-Spamd-Bar: +++++++"]],
  [use("x-spamd-bar"), { score: -3.5 }, ["X-Spamd-Bar: ---"]],
  [use("x-spamd-bar"), { score: 0.9 }, ["X-Spamd-Bar: /"]],
  [use("x-spamd-bar"), { score: 1e9 }, [`X-Spamd-Bar: ${"+".repeat(100)}`]],
  [`${use("x-spamd-bar")} routines { x-spamd-bar { negative = "" } }`, { score: -3 }, []],
  [use("x-spam-level"), {}, ["X-Spam-Level: *******"]],
  [use("x-spam-level"), { score: 0.9 }, []],
  [use("x-spam-level"), { score: -5 }, []],
  [use("x-spam-status"), {}, ["X-Spam-Status: Yes, score=7.30"]],
  [use("x-spam-status"), { action: "greylist", score: 4 }, ["X-Spam-Status: No, score=4.00"]],
  [use("x-spam-status"), { action: "no action", score: -0.1 }, ["X-Spam-Status: No, score=-0.10"]],
  [use("x-rspamd-server"), {}, ["X-Rspamd-Server: filter.example.org"]],
  [`${use("x-rspamd-server")} routines { x-rspamd-server { hostname = mx } }`, {}, ["X-Rspamd-Server: mx"]],
  [use("x-rspamd-queue-id"), {}, ["X-Rspamd-Queue-Id: 4XYZ"]],
  [use("x-rspamd-queue-id"), { envelope: { rcpts: [] } }, []],
  [use("x-rspamd-action"), {}, ["X-Rspamd-Action: add header"]],
  [use("spam-header"), {}, ["Deliver-To: Junk"]],
  [use("spam-header"), { action: "no action" }, []],
  [use("x-os-fingerprint"), {}, []],
  [use("x-os-fingerprint"), { osFingerprint: "Linux 6" }, ["X-OS-Fingerprint: Linux 6"]],
  [use("stat-signature"), { statSignature: "abc" }, ["X-Stat-Signature: abc"]],
  [use("fuzzy-hashes"), { fuzzyHashes: ["aa", "bb"] }, ["X-Rspamd-Fuzzy: aa", "X-Rspamd-Fuzzy: bb"]],
  [
    `${use("add-headers")} routines { add-headers { headers { X-One = one; X-Two = [a, b] } } }`,
    {},
    ["X-One: one", "X-Two: a", "X-Two: b"],
  ],
];

for (const [text, changed, expected] of values) {
  test(`${text} with ${JSON.stringify(changed)}`, () => {
    assert.deepEqual(added(text, changed), expected);
  });
}

test("the result names score and symbols, the heaviest first", () => {
  assert.deepEqual(added(use("x-spamd-result")), [
    "X-Spamd-Result: default: False [7.30 / 15.00];\n\tGOOD(-2.00)[];\n\tB_SYMBOL(1.50)[one,two];\n\tA_SYMBOL(0.00)[]",
  ]);
  assert.match(
    added(use("x-spamd-result"), { action: "reject", symbols: [] }).join(),
    /default: True \[7\.30 \/ 15\.00\]$/,
  );
});

test("the result names what decided when it was not the score", () => {
  const lines = added(use("x-spamd-result"), { decidedBy: "force_actions(X)", message: "Go away", symbols: [] });
  assert.equal(lines[1], "X-Rspamd-Pre-Result: action=add header;\n\tmodule=force_actions(X);\n\tGo away");
});

test("symbols with many options take several lines, each short enough", () => {
  const options = Array.from({ length: 100 }, (_, index) => `option${index}.example.org`);
  const [line = ""] = added(use("x-spamd-result"), { symbols: [symbol("MANY", 1, [...options, "x".repeat(5_000)])] });
  assert.match(line, /MANY\(1\.00\)\[option0\.example\.org,/);
  for (const part of line.split("\n")) assert.ok(part.length < 300, part);
  assert.equal(line.replaceAll("\n\t", "").match(/option\d+/g)?.length, 100);
});

test("nothing that comes with a message breaks out of a header", () => {
  const evil = 'x\r\nX-Evil: 1\n\n<body> "q" \\ ü';
  const changed: Partial<Outcome> = {
    envelope: { from: evil, rcpts: [], user: evil, queueId: evil, mtaName: evil },
    symbols: [symbol("S", 1, [evil]), symbol("VIRUS", 1, [evil])],
    decidedBy: "x",
    message: evil,
    osFingerprint: evil,
    fuzzyHashes: [evil],
    authentication: [
      { method: "spf", result: "fail", reason: evil, comment: evil, properties: [["smtp.mailfrom", evil]] },
    ],
  };
  const config = configured(
    `${use(...routineNames)} skip_authenticated = no; routines { x-virus { symbols = VIRUS } }`,
  );
  const { addHeaders } = headerChanges(config, { ...outcome, ...changed });
  assert.ok(addHeaders.length > 10);
  for (const { name, value } of addHeaders) {
    assert.match(`${name}: ${value}`, /^[!-9;-~]+: [\x20-\x7e]*(\n[ \t][\x20-\x7e]*[!-~][\x20-\x7e]*)*$/);
  }
});

test("x-virus shows what scanners found", () => {
  const config = (more: string) => `${use("x-virus")} routines { x-virus { symbols = [CLAM_VIRUS]; ${more} } }`;
  const infected = { symbols: [symbol("CLAM_VIRUS", 4, ["Eicar", "Other"])] };
  assert.deepEqual(added(config(""), infected), ["X-Virus: Eicar,Other"]);
  assert.deepEqual(added(config("status_infected = Infected"), infected), ["X-Virus: Infected, Eicar,Other"]);
  assert.deepEqual(added(config("")), []);
  assert.deepEqual(added(config("status_clean = Clean")), ["X-Virus: Clean"]);
  const failed = { symbols: [symbol("CLAM_FAIL", 0)] };
  assert.deepEqual(added(config("symbols_fail = CLAM_FAIL; status_fail = Failed"), failed), [
    "X-Virus: Failed(unknown)",
  ]);
  assert.deepEqual(added(config("symbols_fail = CLAM_FAIL; status_clean = Clean"), failed), [], "who knows");
});

test("a header that is added replaces those of its name, unless told otherwise", () => {
  const removed = (text: string) => headerChanges(configured(text), outcome).removeHeaders;
  const none = "remove_upstream_spam_flag = no;";
  assert.deepEqual(removed(`${none} ${use("x-spam-status")}`), [{ name: "X-Spam-Status", index: 0 }]);
  assert.deepEqual(
    removed(`${none} ${use("x-spam-status")} routines { x-spam-status { header = X-S; remove = -1 } }`),
    [{ name: "X-S", index: -1 }],
  );
  assert.deepEqual(removed(`${none} ${use("x-spam-status")} routines { x-spam-status { remove = null } }`), []);
  const headers = "routines { remove-header { header = X-A } remove-headers { headers { X-B = 1; x-a = 0 } } }";
  assert.deepEqual(removed(`${none} ${use("remove-header", "remove-headers")} ${headers}`), [
    { name: "x-a", index: 0 },
    { name: "X-B", index: 1 },
  ]);
});

test("own mail and mail of authenticated users gets no headers, but loses the marker", () => {
  const text = use("x-spam-status", "x-spam-level");
  const user = { envelope: { rcpts: [], user: "joe" } };
  for (const changed of [{ local: true }, user]) {
    const { addHeaders, removeHeaders } = headerChanges(configured(text), { ...outcome, ...changed });
    assert.deepEqual(addHeaders, []);
    assert.deepEqual(removeHeaders, [{ name: "X-Spam", index: 0 }]);
  }
  assert.equal(added(`${text} skip_local = no`, { local: true }).length, 2);
  assert.equal(added(`${text} skip_authenticated = no`, user).length, 2);
  assert.deepEqual(added(`${text} local_headers = x-spam-status`, { local: true }), ["X-Spam-Status: Yes, score=7.30"]);
  assert.equal(added(`${text} authenticated_headers = ["x-spam-level"]`, user).length, 1);
});

test("extended headers", () => {
  const names = (text: string, changed: Partial<Outcome> = {}) =>
    added(`extended_spam_headers = yes; ${text}`, changed).map((line) => line.split(":")[0]);
  const all = ["X-Spamd-Result", "X-Rspamd-Server", "X-Rspamd-Queue-Id", "X-Rspamd-Action"];
  assert.deepEqual(names(""), all);
  assert.deepEqual(names("", { local: true }), []);
  assert.deepEqual(names("skip_all = yes"), []);
  assert.deepEqual(names("use = x-spam-status; skip_all = yes"), [], "none at all");
  for (const entry of ["@example.org", "ann", "ann@example.org"]) {
    assert.deepEqual(names(`skip_all = yes; extended_headers_rcpt = ["${entry}"]`, { local: true }), all);
  }
  const two = { envelope: { rcpts: ["ann@example.org", "bob@example.net"], queueId: "1" } };
  assert.deepEqual(names('skip_all = yes; extended_headers_rcpt = ["@example.org"]', two), []);
});

test("settings of a message choose the routines", () => {
  const config = configured(use("x-spam-level"));
  const changes = headerChanges(config, { ...outcome, local: true }, { routines: ["x-spam-status", "x-nothing"] });
  assert.deepEqual(
    changes.addHeaders.map(({ name }) => name),
    ["X-Spam-Status"],
  );
  assert.deepEqual(changes.unknown, ["x-nothing"]);
  assert.equal(headerChanges(config, outcome, { other: 1 }).addHeaders[0]?.name, "X-Spam-Level");
});

const results: readonly (readonly [Partial<Outcome>, string])[] = [
  [{}, "mx.example.org;\n\tnone"],
  [{ envelope: { rcpts: [] } }, "filter.example.org;\n\tnone"],
  [
    { envelope: { rcpts: [], from: "joe@example.com", user: "joe" } },
    "filter.example.org;\n\tauth=pass smtp.auth=joe smtp.mailfrom=joe@example.com",
  ],
  [
    { envelope: { rcpts: [], from: "", user: "EXAMPLE\\joe smith" } },
    'filter.example.org;\n\tauth=pass smtp.auth="EXAMPLE\\\\joe smith"',
  ],
  [
    { envelope: { rcpts: [], from: "prvs=1=a/b@example.com", user: 'a"b' } },
    'filter.example.org;\n\tauth=pass smtp.auth="a\\"b" smtp.mailfrom=prvs=1=a/b@example.com',
  ],
  [
    {
      authentication: [
        { method: "spf", result: "pass", comment: "a (b) c", properties: [["smtp.mailfrom", "example.com"]] },
        { method: "dmarc", result: "fail", reason: "no\npolicy", properties: [] },
      ],
    },
    'mx.example.org;\n\tspf=pass (a b c) smtp.mailfrom=example.com;\n\tdmarc=fail reason="no policy"',
  ],
];

for (const [changed, expected] of results) {
  test(`Authentication-Results: ${JSON.stringify(expected)}`, () => {
    const text = `${use("authentication-results")} skip_authenticated = no`;
    const { addHeaders } = headerChanges(configured(text), { ...outcome, ...changed });
    assert.deepEqual(addHeaders, [{ name: "Authentication-Results", value: expected, order: 1 }]);
  });
}

test("Authentication-Results of others: all go, or those of some hosts and ours", () => {
  const fields = [
    header("Authentication-Results", "other.example; none"),
    header("Received", "x"),
    header("authentication-results", " MX.example.org 1; spf=pass"),
    header("Authentication-Results", "third.example;none"),
    header("Authentication-Results", "bad.example"),
  ];
  const removed = (options: string) =>
    headerChanges(
      configured(`remove_upstream_spam_flag = no; ${use("authentication-results")}
        routines { authentication-results { ${options} } }`),
      { ...outcome, headers: { ...outcome.headers, fields } },
    ).removeHeaders.map(({ index }) => index);
  assert.deepEqual(removed(""), [0]);
  // Ours goes too: nobody else has the right to that name.
  assert.deepEqual(removed("remove = 1"), [2, 1]);
  assert.deepEqual(removed("remove = -1"), [4, 2]);
  assert.deepEqual(removed("remove = 9"), [2]);
  assert.deepEqual(removed("remove = null"), [2]);
  assert.deepEqual(removed("remove_ar_from = [bad.example]"), [4, 2]);
});

const forged: readonly (readonly [string, boolean])[] = [
  ["mx.example.org; dkim=pass header.d=bank.example", true],
  ["MX.Example.Org.;dkim=pass", true],
  ["(a comment (within)) mx.example.org (another) 1; spf=pass", true],
  [`${"(".repeat(11)}deep${")".repeat(11)} mx.example.org; dkim=pass`, true],
  ['"mx.example.org"; spf=pass', true],
  ['"mx\\.example.org"; spf=pass', true],
  ["filter.example.org; spf=pass", true],
  ["mx.example.org", true],
  ["mx.example.org.evil.example; spf=pass", false],
  ["evil.example; spf=pass smtp.helo=mx.example.org", false],
  ["", false],
  ["(mx.example.org", false],
];

for (const [value, goes] of forged) {
  test(`Authentication-Results in our name: ${JSON.stringify(value)}${goes ? " goes" : " stays"}`, () => {
    const config = configured(`remove_upstream_spam_flag = no; ${use("authentication-results")}
      routines { authentication-results { remove = null } }`);
    const fields = [header("Authentication-Results", value)];
    const { removeHeaders } = headerChanges(config, { ...outcome, headers: { ...outcome.headers, fields } });
    assert.equal(removeHeaders.length, goes ? 1 : 0);
  });
}

test("the login may be kept out", () => {
  const text = `${use("authentication-results")} skip_authenticated = no; routines { authentication-results { add_smtp_user = no } }`;
  assert.match(added(text, { envelope: { rcpts: [], user: "joe" } }).join(), /none$/);
});

const refused: readonly (readonly [string, RegExp])[] = [
  ['use = ["x-spam-bar"]', /must be one of/],
  ["custom { my = 'return 1' }", /milter_headers\.custom holds Lua, which is not run/],
  ['routines { add-headers { headers { "X Y" = 1 } } }', /"X Y", which is no name of a header/],
  ["extended_headers = yes", /extended_headers/],
];

for (const [text, message] of refused) {
  test(`refuses milter_headers { ${text} }`, () => {
    assert.throws(
      () => configured(text),
      (thrown) => thrown instanceof Fault && message.test(thrown.message),
    );
  });
}

test("what cannot be the name of a header is refused", () => {
  for (const routine of ["x-spamd-bar", "x-spamd-result", "remove-header", "remove-spam-flag", "spam-header"]) {
    for (const name of ["X Y", "X:", "", "X\\nEvil"]) {
      if (name === "" && routine === "remove-header") continue;
      const text = `routines { ${routine} { header = "${name}" } }`;
      assert.throws(() => configured(text), /must be the name of a header/, text);
    }
    assert.doesNotThrow(() => configured(`routines { ${routine} { header = "X-Own" } }`));
  }
});
