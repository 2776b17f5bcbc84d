// What a file of a configuration may say that a text cannot: other files, where it lies, line ends. The values of
// `includes` are those that Rspamd 3.4 makes of the same files.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { makeFolder } from "./folder.testing.ts";
import { readLayers } from "./layers.ts";
import { describeProblem } from "./problem.ts";
import { plainObject } from "./tree.ts";

function readIn(folder: string) {
  const { root, reading } = readLayers({ folder, sections: [], environment: {} });
  const problems = reading.problems.map((problem) => describeProblem(problem).replaceAll(`${folder}/`, ""));
  return { value: plainObject(root), problems, stamps: reading.stamps };
}

function read(context: TestContext, main: string, included = "") {
  return readIn(makeFolder(context, { "sluice.conf": main, "i.conf": included }));
}

const includes: readonly (readonly [string, string, unknown])[] = [
  [".include(key=k) i.conf", "x = 1", { k: { x: 1 } }],
  [".include(prefix=true) i.conf", "x = 1", { i: { x: 1 } }],
  [".include(prefix=true,key=k) i.conf\n.include(key=k) i.conf", "x = 1", { k: { x: [1, 1] } }],
  ["k { y = 1 }\n.include(prefix=true,key=k) i.conf", "x = 1", { k: { y: 1, x: 1 } }],
  [".include(prefix=true,key=k,target=array) i.conf", "x = 1", { k: [{ x: 1 }] }],
  [".include(key=k,target=array) i.conf\n.include(key=k,target=array) i.conf", "x = 1", { k: [{ x: 1 }, { x: 1 }] }],
  ["x = <<EOD\r\na\r\nb\r\nEOD\r\ny = 1\r\n", "", { x: "a\nb", y: 1 }],
  ["# a comment\ra = 1\rb = 2", "", { a: 1, b: 2 }],
];

for (const [main, included, value] of includes) {
  test(`reads ${JSON.stringify(main)}`, (context) => {
    const { value: seen, problems } = read(context, main, included);
    assert.deepEqual(seen, value);
    assert.deepEqual(problems, []);
  });
}

test("a file knows where it lies", (context) => {
  const folder = makeFolder(context, {
    "sluice.conf": '.include "$CURDIR/d/i.conf"',
    "d/i.conf": "a = $CURDIR; f = $FILENAME",
  });
  assert.deepEqual(readIn(folder).value, { a: join(folder, "d"), f: join(folder, "d/i.conf") });
});

test(".inherit takes all pieces of a section", (context) => {
  assert.deepEqual(read(context, "p { x = 1 } p { y = 2 } q { .inherit p }").value, {
    p: [{ x: 1 }, { y: 2 }],
    q: { x: 1, y: 2 },
  });
});

const refused: readonly (readonly [string, string])[] = [
  ["q { .inherit(replace=true) p }", "unknown option replace of .inherit"],
  [".load(key=k,escape=true) i.conf", "unknown option escape of .load"],
  ["\n.include(try = ) i.conf", "sluice.conf:2: error: try has no value"],
];

for (const [text, message] of refused) {
  test(`refuses ${text}`, (context) => {
    const { problems } = read(context, text);
    assert.ok(problems[0]?.includes(message), problems.join("\n"));
  });
}

test(".load reads files only, watches them, and never waits", (context) => {
  const folder = makeFolder(context, { "sluice.conf": "", text: "a" });
  execFileSync("mkfifo", [join(folder, "pipe")]);
  symlinkSync("/dev/zero", join(folder, "zero"));
  symlinkSync("self", join(folder, "self"));
  writeFileSync(join(folder, "huge"), "");
  truncateSync(join(folder, "huge"), 2 ** 40);
  const names = ["text", "pipe", "zero", "self", "huge", "absent", "."];
  writeFileSync(
    join(folder, "sluice.conf"),
    names.map((name) => `.load(key=k${name.length},try=true) "${name}"`).join("\n"),
  );
  const { value, problems, stamps } = readIn(folder);
  assert.deepEqual(value, { k4: "a" });
  assert.equal(problems.length, 5, problems.join("\n"));
  assert.match(problems.join("\n"), /pipe is not a file[\s\S]*zero is not a file[\s\S]*ELOOP[\s\S]*huge is larger/);
  assert.ok(stamps.has(join(folder, "text")) && stamps.has(join(folder, "absent")));
});
