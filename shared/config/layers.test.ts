import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { makeFolder } from "./folder.testing.ts";
import { readLayers } from "./layers.ts";
import { describeProblem } from "./problem.ts";
import { plainObject } from "./tree.ts";

const base = "s = 1; o { x = 1; y = 1; l = [1, 2] } l = [1, 2]; n { s = 1 }\n";
const more = "s = 2; o { x = 2; z = 9; l = [7] } l = [3, 4]; n { s = 3 }\n";

/** Reads a folder and answers with plain values; problems as text with the folder's name left out. */
function read(context: TestContext, files: Record<string, string>, extra: Record<string, unknown> = {}) {
  const folder = makeFolder(context, files);
  const layers = readLayers({ folder, sections: ["greylist", "content"], environment: {}, ...extra });
  const problems = layers.reading.problems.map((problem) => describeProblem(problem).replaceAll(`${folder}/`, ""));
  return { value: plainObject(layers.root), problems, folder, layers };
}

// What Rspamd 3.4 makes of the same two files.
const includes: [string, unknown][] = [
  [
    "",
    {
      s: [1, 2],
      o: [
        { x: 1, y: 1, l: [1, 2] },
        { x: 2, z: 9, l: [7] },
      ],
      l: [1, 2, 3, 4],
      n: [{ s: 1 }, { s: 3 }],
    },
  ],
  ["(priority=1)", { s: 2, o: { x: 2, z: 9, l: [7] }, l: [3, 4], n: { s: 3 } }],
  ["(priority=1,duplicate=merge)", { s: 2, o: { x: 2, y: 1, z: 9, l: [1, 2, 7] }, l: [1, 2, 3, 4], n: { s: 3 } }],
  ["(duplicate=merge)", { s: [1, 2], o: { x: [1, 2], y: 1, z: 9, l: [1, 2, 7] }, l: [1, 2, 3, 4], n: { s: [1, 3] } }],
  ["(duplicate=rewrite)", { s: 2, o: { x: 2, z: 9, l: [7] }, l: [3, 4], n: { s: 3 } }],
];

for (const [options, value] of includes) {
  test(`.include${options} joins two files as Rspamd does`, (context) => {
    const answer = read(context, { "sluice.conf": `${base}.include${options} "$CONFDIR/m.conf"`, "m.conf": more });
    assert.deepEqual(answer.problems, []);
    assert.deepEqual(answer.value, value);
  });
}

test("a lower priority never replaces a higher one, whatever the order", (context) => {
  const main = '.include(priority=3,duplicate=merge) "$CONFDIR/a"\n.include(priority=1) "$CONFDIR/b"';
  const answer = read(context, { "sluice.conf": main, a: "o { a = 1 } s = 3", b: "o { a = 5; c = 2 } s = 4; t = 5" });
  assert.deepEqual(answer.value, { o: { a: 1 }, s: 3, t: 5 });
});

test("merging finds the group of the same name among several", (context) => {
  const main = 'g "a" {x=1} g "b" {x=2}\n.include(priority=1,duplicate=merge) "$CONFDIR/g"';
  const answer = read(context, { "sluice.conf": main, g: 'g "b" {y=6; x = 7} g "c" {z=1}' });
  assert.deepEqual(answer.value, { g: [{ a: { x: 1 }, c: { z: 1 } }, { b: { x: 7, y: 6 } }] });
});

test("duplicate=error and a section merged into a list are errors with both places", (context) => {
  const main = 'a = 1; l = [1]\n.include(duplicate=error) "$CONFDIR/e"\n.include(duplicate=merge) "$CONFDIR/f"';
  const answer = read(context, { "sluice.conf": main, e: "a = 2", f: "\nl { x = 1 }" });
  assert.deepEqual(answer.problems, [
    "e:1: error: a is given in sluice.conf:1 already",
    "f:2: error: l is a list in sluice.conf:1, here it is a section",
  ]);
});

test("globs, try, prefix, try_include and load", (context) => {
  const main = `
    .include "$CONFDIR/many/*.conf"
    .include(try=true) "$CONFDIR/none"
    .include(try=true; glob=true) "$CONFDIR/none*"
    .try_include "$CONFDIR/none"
    .include(prefix=true, key="inner") "$CONFDIR/many/1.conf"
    .load(key="text", trim=true) "$CONFDIR/text"
    .load(key="number", target="int") "$CONFDIR/number"
    .load(key="nothing", try=true) "$CONFDIR/none"`;
  const files = { "many/2.conf": "b = 2", "many/1.conf": "a = 1", text: " hello\n", number: "42\n" };
  const answer = read(context, { "sluice.conf": main, ...files });
  assert.deepEqual(answer.problems, []);
  assert.deepEqual(answer.value, { a: 1, b: 2, inner: { a: 1 }, text: "hello", number: 42 });
});

test("what cannot be included is an error at the macro", (context) => {
  const main = [
    '.include "$CONFDIR/none"',
    '.include "$CONFDIR/none*"',
    '.include "https://example.org/x"',
    '.includes "$CONFDIR/x"',
    '.include(duplicate=maybe; priority=16) "$CONFDIR/ok"',
    '.include(nonsense=1) "$CONFDIR/ok"',
    '.include "$CONFDIR"',
    '.load "$CONFDIR/ok"',
  ].join("\n");
  const { problems } = read(context, { "sluice.conf": main, ok: "" });
  const wanted = [
    /^sluice.conf:1: error: cannot read .*none \(there is no such file/,
    /^sluice.conf:2: error: no file matches .*none\*$/,
    /^sluice.conf:3: error: https:\/\/example.org\/x: .* from local files only/,
    /^sluice.conf:4: error: \.includes \(a signed file\) is not supported/,
    /^sluice.conf:5: error: priority 16: must be a whole number from 0 to 15$/,
    /^sluice.conf:5: error: duplicate=maybe: must be one of append, merge, rewrite, error$/,
    /^sluice.conf:6: error: unknown option nonsense of \.include$/,
    /^sluice.conf:7: error: .* is not a file$/,
    /^sluice.conf:8: error: \.load needs a key$/,
  ];
  assert.equal(problems.length, wanted.length, problems.join("\n"));
  for (const [index, shape] of wanted.entries()) assert.match(problems[index] ?? "", shape);
});

test("files that include themselves, directly or by a link, end with an error", (context) => {
  const folder = makeFolder(context, { "sluice.conf": '.include "$CONFDIR/a"\nx = 1', a: '.include "$CONFDIR/link"' });
  symlinkSync(join(folder, "a"), join(folder, "link"));
  const { reading, root } = readLayers({ folder, sections: [], environment: {} });
  assert.match(reading.problems.map(describeProblem).join("\n"), /a:1: error: .*link includes itself/);
  assert.deepEqual(plainObject(root), { x: 1 });
});

test("a chain of includes has an end", (context) => {
  const files: Record<string, string> = { "sluice.conf": '.include "$CONFDIR/f0"' };
  for (let depth = 0; depth < 30; depth++) files[`f${depth}`] = `.include "$CONFDIR/f${depth + 1}"`;
  assert.match(read(context, files).problems.join("\n"), /error: includes lie more than 16 deep/);
});

test("a file with an error does not hide the others", (context) => {
  const answer = read(context, {
    "local.d/greylist.conf": "timeout = ;",
    "local.d/content.conf": "a = {",
    "override.d/content.conf": "b = 2",
  });
  assert.deepEqual(answer.problems.toSorted(), [
    "local.d/content.conf:1: error: this { has no closing }",
    "local.d/greylist.conf:1: error: timeout has no value",
  ]);
  assert.deepEqual(answer.value.content, { a: {}, b: 2 });
});

test("a missing folder, an empty one and one with an empty main file are valid", (context) => {
  const missing = readLayers({ folder: "/nonexistent/sluice", sections: [], environment: {} });
  assert.deepEqual([missing.reading.problems, plainObject(missing.root)], [[], {}]);
  assert.deepEqual(read(context, {}).problems, []);
  assert.deepEqual(read(context, { "sluice.conf": "" }).value, {});
});

test("local.d and override.d need no main file: each file has its section", (context) => {
  const answer = read(context, {
    "local.d/greylist.conf": "timeout = 1min; expire = 1d; list = [a]; sub { x = 1; y = 1 }",
    "override.d/greylist.conf": "timeout = 2min; sub { x = 2 }",
    "local.d/options.inc": "a = 1",
    "local.d/logging.inc": "level = info",
    "local.d/worker-normal.inc": "count = 1",
    "local.d/worker-proxy.inc": "count = 2",
    "override.d/worker-controller.inc": "password = x",
    "local.d/classifier-bayes.conf": "min_learns = 5",
    "local.d/actions.conf": "reject = null",
    "local.d/metrics.conf": "unknown_weight = 1",
    "local.d/rbl_group.conf": "max_score = 5",
    "local.d/groups.conf": 'group "rbl" { symbols { "A" { weight = 1 } } } group "own" { max_score = 1 }',
    "local.d/content.conf": "own = yes",
    "local.d/redis.conf": "servers = localhost",
  });
  assert.deepEqual(answer.problems, []);
  assert.deepEqual(answer.value, {
    greylist: { timeout: 120, expire: 86_400, list: ["a"], sub: { x: 2 } },
    options: { a: 1 },
    logging: { level: "info" },
    worker: { normal: { count: 1 }, rspamd_proxy: { count: 2 }, controller: { password: "x" } },
    classifier: { bayes: { min_learns: 5 } },
    actions: { reject: null },
    metric: { unknown_weight: 1 },
    group: { rbl: { max_score: 5, symbols: { A: { weight: 1 } } }, own: { max_score: 1 } },
    content: { own: true },
    redis: { servers: "localhost" },
  });
});

test("groups.conf adds to what both layers say of a single group", (context) => {
  const answer = read(context, {
    "local.d/rbl_group.conf": "symbols { A { weight = 1 } }",
    "override.d/rbl_group.conf": "symbols { B { weight = 2 } }",
    "local.d/groups.conf": 'group "rbl" { symbols { B { weight = 3 } C { weight = 3 } } }',
  });
  assert.deepEqual(answer.problems, []);
  assert.deepEqual(answer.value, { group: { rbl: { symbols: { B: { weight: 2 }, C: { weight: 3 } } } } });
});

test("what the main file includes is not read again, what it leaves out is read after it", (context) => {
  const answer = read(context, {
    "sluice.conf": `greylist { timeout = 1; list = [a]
      .include(priority=1,duplicate=merge) "$LOCAL_CONFDIR/local.d/greylist.conf" }`,
    "local.d/greylist.conf": "timeout = 2; list = [b]",
    "override.d/greylist.conf": "extra = 1",
    "rspamd.conf.local": "top = 1",
  });
  assert.deepEqual(answer.value, { greylist: { timeout: 2, list: ["a", "b"], extra: 1 }, top: 1 });
});

test("sluice.conf comes before rspamd.conf", (context) => {
  assert.deepEqual(read(context, { "sluice.conf": "a = 1", "rspamd.conf": "b = 1" }).value, { a: 1 });
});

test("a file that nothing reads is reported, with the name that was meant", (context) => {
  const answer = read(context, {
    "local.d/greylits.conf": "",
    "local.d/option.inc": "",
    "local.d/actions.inc": "",
    "override.d/bananas.conf": "",
    "local.d/greylist.conf": 'whitelist = "/etc/sluice/local.d/own.map"',
    "local.d/own.map": "",
    "local.d/greylist.conf.bak": "",
    "local.d/.hidden": "",
    "local.d/README.md": "",
  });
  assert.deepEqual(answer.problems, [
    "local.d/actions.inc: warning: nothing reads this file (nearest: actions.conf)",
    "local.d/greylits.conf: warning: nothing reads this file (nearest: greylist.conf)",
    "local.d/option.inc: warning: nothing reads this file (nearest: options.inc)",
    "override.d/bananas.conf: warning: nothing reads this file",
  ]);
});

test("the command line is above all layers", (context) => {
  const overrides = [
    "greylist.timeout=5min",
    "greylist.sub.deep = [a, b]",
    "worker.normal.count=3",
    "actions.reject=null",
    "content.text=a; b",
  ];
  const files = {
    "override.d/greylist.conf": "timeout = 1",
    "sluice.conf": 'worker "proxy" { count = 1 } worker "normal" { count = 1 }',
  };
  const { value, problems, layers } = read(context, files, { overrides });
  assert.deepEqual(problems, []);
  assert.deepEqual(value, {
    greylist: { timeout: 300, sub: { deep: ["a", "b"] } },
    worker: [{ proxy: { count: 1 } }, { normal: { count: 3 } }],
    actions: { reject: null },
    content: { text: "a; b" },
  });
  const [greylist] = layers.root.keys.get("greylist") ?? [];
  assert.ok(greylist?.kind === "object");
  assert.deepEqual(greylist.keys.get("timeout")?.[0]?.origin, { file: "command line", line: 0, priority: 100 });
});

test("a broken --set is an error", (context) => {
  for (const override of ["", "x", "x=1", ".a=1", "a.=1", "a..b=1", "=1"]) {
    const { problems } = read(context, {}, { overrides: [override] });
    assert.deepEqual(problems, [`command line: error: --set ${override}: must be section.key=value`]);
  }
});

test("variables and templates come from the environment", (context) => {
  const environment = { RSPAMD_HOST: "a", SLUICE_HOST: "b", HOST: "c" };
  const main = `x { host = "$HOST"; conf = "\${CONFDIR}/y"; raw = '$HOST'; log = "$mid $$HOST"; bad = "\${HOTS}" }
{% if env.HOST == 'b' %}
y = {= env.HOST =}
{% endif %}`;
  const { value, problems, folder } = read(context, { "sluice.conf": main }, { environment });
  const braced = ["$", "{HOTS}"].join("");
  assert.deepEqual(value, {
    x: { host: "b", conf: `${folder}/y`, raw: "$HOST", log: "$mid $$HOST", bad: braced },
    y: "b",
  });
  assert.deepEqual(problems, [
    `sluice.conf:1: warning: there is no variable ${braced}; it stays as it is (nearest: HOST)`,
  ]);
});

test("a file of another charset is read as Latin-1, with a warning; a byte order mark is no key", (context) => {
  const folder = makeFolder(context, {});
  mkdirSync(join(folder, "local.d"));
  writeFileSync(join(folder, "local.d/greylist.conf"), Buffer.from("a = caf\u00e9", "latin1"));
  writeFileSync(join(folder, "local.d/content.conf"), "\ufeffb = 1");
  const { root, reading } = readLayers({ folder, sections: ["content"], environment: {} });
  assert.deepEqual(plainObject(root), { content: { b: 1 }, greylist: { a: "caf\u00e9" } });
  assert.match(reading.problems.map(describeProblem).join(), /warning: .*greylist.conf is not UTF-8/);
});

test("includes and loads count from the folder of the file that has them", (context) => {
  const answer = read(context, {
    "sluice.conf": '.include "more/a.conf"\n.include(try=true) "none.conf"',
    "more/a.conf": '.include "*.inc"\n.load(key=note; trim=true) "note.txt"',
    "more/b.inc": "x = 1;",
    "more/note.txt": "hello\n",
  });
  assert.deepEqual(answer.problems, []);
  assert.deepEqual(answer.value, { x: 1, note: "hello" });
});

test("a layer that is there and cannot be read is an error", (context) => {
  const answer = read(context, { "local.d": "greylist { }" });
  assert.deepEqual(answer.problems, ["local.d: error: a folder is expected here"]);
});

test("what has the name of a file of a layer and is none is an error; a link to /dev/null is an empty one", (context) => {
  const folder = makeFolder(context, { "local.d/greylist.conf/in": "", "override.d/actions.conf": "reject = 3" });
  symlinkSync("/nonexistent/milter", join(folder, "local.d/milter_headers.conf"));
  symlinkSync("regexp.conf", join(folder, "local.d/regexp.conf"));
  symlinkSync("/dev/null", join(folder, "local.d/content.conf"));
  symlinkSync("/nonexistent/main", join(folder, "sluice.conf"));
  const { reading, root } = readLayers({ folder, sections: ["content"], environment: {} });
  const problems = reading.problems.map((problem) => describeProblem(problem).replaceAll(`${folder}/`, ""));
  assert.deepEqual(problems.toSorted(), [
    "local.d/greylist.conf: error: local.d/greylist.conf is not a file",
    "local.d/milter_headers.conf: error: cannot read local.d/milter_headers.conf (there is no such file, or it is a link to nothing)",
    "local.d/regexp.conf: error: cannot read local.d/regexp.conf (the link leads to itself)",
    "sluice.conf: error: cannot read sluice.conf (there is no such file, or it is a link to nothing)",
  ]);
  assert.deepEqual(plainObject(root).actions, { reject: 3 });
});

test("a file beside the main file that belongs into a layer is reported, and a second main file", (context) => {
  const beside = {
    "sluice.conf": '.include "$CONFDIR/options.inc"',
    "options.inc": "",
    "actions.conf": "",
    "notes.conf": "",
  };
  assert.deepEqual(read(context, beside).problems, [
    "actions.conf: warning: nothing reads this file: it belongs into local.d, or the main file includes it",
  ]);
  assert.deepEqual(read(context, { ...beside, "rspamd.conf": "" }).problems, [
    "rspamd.conf: warning: nothing reads this file: sluice.conf is there, and takes its place",
  ]);
  assert.deepEqual(read(context, { "rspamd.conf": "", "actions.conf": "" }).problems, []);
});

test("Lua of the site is listed as not supported, once and not as a file with a wrong name", (context) => {
  const answer = read(context, {
    "rspamd.local.lua": "",
    "local.d/rspamd.lua": "",
    "plugins.d/x.lua": "",
    "maps.d/y.lua": "",
  });
  assert.deepEqual(answer.problems, []);
  assert.deepEqual(
    answer.layers.reading.unsupported.map(({ name }) => name),
    ["rspamd.local.lua", "local.d/rspamd.lua", "plugins.d/x.lua"],
  );
});
