import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Sections } from "../check.ts";
import { makeFolder } from "./folder.testing.ts";
import { load } from "./load.ts";
import { describeProblem } from "./problem.ts";
import * as schema from "./schema.ts";
import { parseTree } from "./ucl.ts";
import { validate } from "./validate.ts";

const greylist = schema.section("Defers unknown senders.", {
  enabled: schema.flag(true, ""),
  timeout: schema.duration(300_000, "", { min: 1000, max: 86_400_000 }),
  max_data_len: schema.bytes(10_240, "", { max: 1024 ** 2 }),
  ipv4_mask: schema.integer(19, "", { min: 0, max: 32 }),
  factor: schema.number(1.5, ""),
  message: schema.text("Try again later", "", { aliases: ["reason"] }),
  action: schema.choice(["soft reject", "greylist"], "soft reject", ""),
  whitelist: schema.list(schema.text("", ""), [], ""),
  limit: schema.optional(schema.number(3, "")),
});
const mimeTypes = schema.section("", {
  extension_map: schema.table(schema.list(schema.text("", ""), [], ""), {}, ""),
  regexp: schema.flag(true, ""),
});
const group = schema.table(
  schema.section("", {
    max_score: schema.optional(schema.number(0, "")),
    symbols: schema.table(
      schema.section("", {
        weight: schema.number(0, "", { aliases: ["score"] }),
        groups: schema.list(schema.text("", ""), [], ""),
      }),
      {},
      "",
    ),
  }),
  {},
  "",
);
const sections: Sections = { greylist, mime_types: mimeTypes, group };

function check(text: string, declared: Sections = sections) {
  const { root, problems } = parseTree(text, "t");
  const answer = validate(root, declared);
  return { ...answer, texts: [...problems, ...answer.problems].map(describeProblem) };
}

/** Loads a folder; problems as text with the folder's name left out. */
function loadFolder(context: TestContext, files: Record<string, string>, declared: Sections = sections) {
  const folder = makeFolder(context, files);
  const loaded = load({ folder, sections: declared, environment: {} });
  const texts = loaded.problems.map((problem) => describeProblem(problem).replaceAll(`${folder}/`, ""));
  const unsupported = loaded.unsupported.map(
    ({ name, file, line }) => `${name} ${file.replace(`${folder}/`, "")}:${line}`,
  );
  return { ...loaded, texts, unsupported };
}

test("an empty configuration has every default", () => {
  const { values, texts } = check("");
  assert.deepEqual(texts, []);
  assert.deepEqual(values.greylist, {
    enabled: true,
    timeout: 300_000,
    max_data_len: 10_240,
    ipv4_mask: 19,
    factor: 1.5,
    message: "Try again later",
    action: "soft reject",
    whitelist: [],
    limit: null,
  });
  assert.deepEqual(values.group, {});
});

test("values have the type and unit that the declaration says", () => {
  const { values, texts, unsupported } = check(`greylist {
    enabled = off; timeout = 5min; max_data_len = 20kb; ipv4_mask = 24; factor = -0.5; reason = 554;
    action = greylist; whitelist = one; whitelist = [two, 3]; limit = 2k
  }`);
  assert.deepEqual([texts, unsupported], [[], []]);
  assert.deepEqual(values.greylist, {
    enabled: false,
    timeout: 300_000,
    max_data_len: 20_480,
    ipv4_mask: 24,
    factor: -0.5,
    message: "554",
    action: "greylist",
    whitelist: ["one", "two", "3"],
    limit: 2000,
  });
  assert.ok(Object.isFrozen(values.greylist));
});

test("quoted numbers, times and words count like bare ones", () => {
  const { values, texts } = check(
    'greylist { timeout = "1500ms"; enabled = "no"; max_data_len = "1kb"; factor = "2" }',
  );
  assert.deepEqual(texts, []);
  const { timeout, enabled, max_data_len, factor } = values.greylist as Record<string, unknown>;
  assert.deepEqual([timeout, enabled, max_data_len, factor], [1500, false, 1024, 2]);
});

const refused: [string, string][] = [
  ["enabled = 1", "greylist.enabled must be yes or no, not 1"],
  ["enabled = maybe", 'greylist.enabled must be yes or no, not "maybe"'],
  [
    "timeout = 5m",
    "greylist.timeout must be a time such as 5s or 10min, but 5m is the number 5000000; write 5min for minutes",
  ],
  ["timeout = soon", 'greylist.timeout must be a time such as 5s or 10min, not "soon"'],
  ["timeout = 10ms", "greylist.timeout must be at least 1s, not 10ms"],
  ["timeout = 2d", "greylist.timeout must be at most 1d, not 2d"],
  ["max_data_len = 5s", "greylist.max_data_len must be a size such as 10mb, not the time 5s"],
  ["max_data_len = 2mb", "greylist.max_data_len must be at most 1mb, not 2mb"],
  ["max_data_len = 0.5", "greylist.max_data_len must be a whole number, not 0.5"],
  ["ipv4_mask = 19.5", "greylist.ipv4_mask must be a whole number, not 19.5"],
  ["ipv4_mask = -1", "greylist.ipv4_mask must be at least 0, not -1"],
  ["factor = 1d", "greylist.factor must be a number, not the time 1d"],
  ["factor = [1]", "greylist.factor takes one value, not a list"],
  ["factor { x = 1 }", "greylist.factor takes one value, not a section"],
  ["factor = null", "greylist.factor cannot be null; leave the key out to have its default"],
  ["action = greylst", 'greylist.action must be one of soft reject, greylist, not "greylst" (nearest: greylist)'],
  ["whitelist = [a, {b = 1}]", "greylist.whitelist.1 takes one value, not a section"],
  ["message = a; reason = b", "reason is another name of message, which is given in t:2"],
];

for (const [text, message] of refused) {
  test(`refuses greylist { ${text} } and keeps the default`, () => {
    const { values, texts } = check(`greylist {\n${text}\n}`);
    assert.deepEqual(texts, [`t:2: error: ${message}`]);
    if (!text.startsWith("whitelist") && !text.startsWith("message")) {
      assert.deepEqual(values.greylist, check("").values.greylist);
    }
  });
}

test("a section must be a section", () => {
  assert.deepEqual(check("greylist = 5").texts, ["t:1: error: greylist is a section: write greylist { ... }"]);
});

test("sections of the same name join: groups by their name", () => {
  const { values, texts } = check(`
    group "a" { max_score = 1; symbols { X { weight = 1 } } }
    group "b" { symbols { Y { score = 2; groups = [p, q] } } }
    group "a" { symbols { Z { weight = 3 } } }`);
  assert.deepEqual(texts, []);
  assert.deepEqual(values.group, {
    a: { max_score: 1, symbols: { X: { weight: 1, groups: [] }, Z: { weight: 3, groups: [] } } },
    b: { max_score: null, symbols: { Y: { weight: 2, groups: ["p", "q"] } } },
  });
});

test("null unsets an optional value and reaches a custom one", () => {
  const threshold = schema.custom<number | null>(0, "", (value) =>
    value === null || typeof value === "number" ? value : new Error("must be a number or null"),
  );
  const declared = { actions: schema.table(threshold, {}, ""), greylist };
  const { values, texts } = check("actions { reject = null; greylist = 4; x = y } greylist { limit = null }", declared);
  assert.deepEqual(texts, ["t:1: error: actions.x must be a number or null"]);
  assert.deepEqual(values.actions, { reject: null, greylist: 4, x: 0 });
});

test("a custom field gets plain values, and puts its complaints at their lines", () => {
  const rules = schema.custom<readonly string[]>([], "", (value, notes) => {
    notes.error(["a", 1], "is wrong", "right");
    notes.warn(["b", "c"], "is odd");
    notes.unsupported(["b"]);
    notes.warn(["b", "none"], "is missing");
    return [JSON.stringify(value)];
  });
  const declared = { rules };
  const { values, texts, unsupported } = check(
    "rules { a = [\n1,\n2]\nb {\nc = 1 } }\nrules { d = 1; d = 2 }",
    declared,
  );
  assert.deepEqual(values.rules, ['[{"a":[1,2],"b":{"c":1}},{"d":[1,2]}]']);
  assert.deepEqual(texts, [
    "t:3: error: rules.a.1 is wrong (nearest: right)",
    "t:5: warning: rules.b.c is odd",
    "t:4: warning: rules.b.none is missing",
  ]);
  assert.deepEqual(unsupported, [{ name: "rules.b", file: "t", line: 4 }]);
});

test("a custom field that throws is a problem, not a crash", () => {
  const broken = schema.custom("x", "", () => {
    throw new Error("broke");
  });
  const { values, texts } = check("broken = 1", { broken });
  assert.deepEqual([values.broken, texts], ["x", ["t:1: error: broken broke"]]);
});

test("an open section takes further keys of one kind", () => {
  const open = schema.openSection("", { level: schema.number(1, "") }, schema.text("", ""));
  assert.deepEqual(check("open { level = 2; own = x }", { open }).values.open, { level: 2, own: "x" });
});

test("unknown names: mistyped, of another section, of Rspamd's", () => {
  const { texts, unsupported } = check(`greylist {
    timout = 1s
    bananas = 1
    key_prefix = rg
    extension_map { }
    mime_types { }
    constructor { }
  }
  greylits { }
  bananas { }
  dcc { enabled = true }
  timeout = 5s`);
  assert.deepEqual(texts, [
    "t:2: error: greylist has no key timout (nearest: timeout)",
    "t:3: error: greylist has no key bananas",
    "t:5: error: greylist has no key extension_map; it is a key of mime_types",
    "t:6: error: mime_types is a section of its own and has no meaning inside greylist",
    "t:7: error: greylist has no key constructor",
    "t:9: error: there is no section greylits (nearest: greylist)",
    "t:10: error: there is no section bananas",
    texts.at(-1),
  ]);
  assert.match(texts.at(-1) ?? "", /^t:12: error: timeout is no section; it is a key of greylist/);
  assert.deepEqual(
    unsupported.map(({ name, line }) => `${name}:${line}`),
    ["greylist.key_prefix:4", "dcc:11"],
  );
});

// The surprises that people reported to Rspamd (R 4.2 and 8.3).

test("a scalar given twice at equal priority is an error with both places (Mailu#3956)", (context) => {
  const { texts } = loadFolder(context, {
    "sluice.conf": "greylist { timeout = 1min }\ngreylist {\n timeout = 2min }",
    "local.d/mime_types.conf": "regexp = yes\nregexp = no",
  });
  assert.deepEqual(texts, [
    "local.d/mime_types.conf:2: error: mime_types.regexp takes one value but is given 2 times: " +
      "local.d/mime_types.conf:1 and local.d/mime_types.conf:2",
    "sluice.conf:3: error: greylist.timeout takes one value but is given 2 times: sluice.conf:1 and sluice.conf:3",
  ]);
});

test("a score in local.d replaces the one of the main file (r#3667, r#2237)", (context) => {
  const { values, texts } = loadFolder(context, {
    "sluice.conf": `group "a" { symbols { X { weight = 1 } }
      .include(priority=1,duplicate=merge) "$CONFDIR/local.d/a_group.conf" }`,
    "local.d/a_group.conf": "symbols { X { weight = 5 } }",
  });
  assert.deepEqual(texts, []);
  assert.deepEqual(values.group, { a: { max_score: null, symbols: { X: { weight: 5, groups: [] } } } });
});

test("a wrapper inside a file of local.d is an error, for every kind of section", (context) => {
  const { texts } = loadFolder(context, {
    "local.d/mime_types.conf": "mime_types {\n regexp = no\n}",
    "override.d/dcc.conf": "\ndcc { }",
    "local.d/rbl_group.conf": "group { max_score = 1 }",
    "local.d/classifier-bayes.conf": 'classifier "bayes" { autolearn = true }',
    "local.d/worker-normal.inc": "worker { count = 1 }",
  });
  const inside = (name: string) =>
    `${name} { } inside ${name}: what stands here is in the section already; take the braces away`;
  assert.deepEqual(texts, [
    `local.d/classifier-bayes.conf:1: error: ${inside("classifier")}`,
    `local.d/mime_types.conf:1: error: ${inside("mime_types")}`,
    `local.d/rbl_group.conf:1: error: ${inside("group")}`,
    `local.d/worker-normal.inc:1: error: ${inside("worker")}`,
    `override.d/dcc.conf:2: error: ${inside("dcc")}`,
  ]);
});

test("autolearn in local.d/statistic.conf, outside of its classifier, is an error (r#2647, r#4343)", (context) => {
  const { texts } = loadFolder(context, { "local.d/statistic.conf": "autolearn = true;" });
  assert.equal(texts.length, 1);
  assert.match(texts[0] ?? "", /^local.d\/statistic.conf:1: error: autolearn is no section; it is a key of classifier/);
});

test("local.d adds to lists and sections, override.d replaces them", (context) => {
  const main = (file: string) => `.include(try=true; ${file})`;
  const { values } = loadFolder(context, {
    "sluice.conf": `mime_types { extension_map { a = [x]; b = [y] }
      ${main("priority=1,duplicate=merge")} "$CONFDIR/local.d/mime_types.conf" }
      greylist { whitelist = [p]; ${main("priority=10")} "$CONFDIR/override.d/greylist.conf" }`,
    "local.d/mime_types.conf": "extension_map { a = [z] }",
    "override.d/greylist.conf": "whitelist = [q]",
  });
  assert.deepEqual(values.mime_types, { extension_map: { a: ["x", "z"], b: ["y"] }, regexp: true });
  assert.deepEqual((values.greylist as { whitelist: unknown }).whitelist, ["q"]);
});

test("a key with the name of a section around it is not lost", () => {
  const outer = schema.section("", { redis: schema.section("", { db: schema.number(0, "") }) });
  assert.deepEqual(check("outer { redis {\nredis { db = 1 } } }", { outer, redis: outer }).texts, [
    "t:2: error: redis is a section of its own and has no meaning inside outer.redis",
  ]);
});

test("a wrapper is reported once, inside its section or its group", () => {
  const { texts } = check("greylist {\ngreylist { timeout = 1s } }");
  assert.equal(texts.length, 1);
  assert.match(texts[0] ?? "", /^t:2: error: greylist \{ \} inside greylist/);
});

test("what a package of Rspamd brings is unsupported, what its operator adds is checked", (context) => {
  const { texts, unsupported } = loadFolder(context, {
    "rspamd.conf": '.include "$CONFDIR/modules.d/greylist.conf"\nsomething_new { }',
    "modules.d/greylist.conf": `greylist { brand_new = 1
      .include(try=true,priority=1,duplicate=merge) "$LOCAL_CONFDIR/local.d/greylist.conf" }`,
    "local.d/greylist.conf": "wrong_key = 1; key_prefix = x",
    "rspamd.conf.local": "nonsense { }",
  });
  assert.deepEqual(texts, [
    "local.d/greylist.conf:1: error: greylist has no key wrong_key",
    "rspamd.conf.local:1: error: there is no section nonsense",
  ]);
  assert.deepEqual(unsupported, [
    "greylist.key_prefix local.d/greylist.conf:1",
    "greylist.brand_new modules.d/greylist.conf:1",
    "something_new rspamd.conf:2",
  ]);
});
