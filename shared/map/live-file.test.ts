import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { readAddress } from "../network.ts";
import { largestMap, openLines, parseMapLines, readMapFile } from "./file.ts";
import { domainMap, networkMap } from "./live-map.ts";
import { NetworkTable } from "./network-table.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-live-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let serial = 0;
function file(text: string | Uint8Array): string {
  const path = join(folder, `${++serial}.map`);
  writeFileSync(path, text);
  return path;
}

/** A map of one file, and a step in time long enough for a change to count. */
function followed(path: string) {
  let now = 0;
  const map = domainMap({ entries: [], files: [path] }, () => now);
  const has = (key: string) => map.get(key) !== undefined;
  return {
    map,
    has,
    wait(ms: number) {
      now += ms;
      return map.empty;
    },
    settle() {
      for (const ms of [5_000, 1_000]) {
        now += ms;
        has("");
      }
    },
  };
}

const breaks: readonly (readonly [string, (path: string) => void, RegExp])[] = [
  ["a folder", (path) => mkdirSync(path), /is not a file; what it held still counts/],
  ["a link to itself", (path) => symlinkSync(path, path), /cannot read .*ELOOP.*; what it held still counts/],
  ["a device", (path) => symlinkSync("/dev/zero", path), /is not a file; what it held still counts/],
  ["rubbish", (path) => writeFileSync(path, "\x1f\x8b\0\0/\n<html>/\n"), /: what it held still counts/],
];

for (const [what, put, problem] of breaks) {
  test(`a file that becomes ${what} leaves what it held, and is read again when it is sound`, () => {
    const path = file("a.example\n");
    const { map, has, settle } = followed(path);
    assert.equal(has("a.example"), true);
    rmSync(path);
    put(path);
    settle();
    assert.equal(has("a.example"), true);
    assert.match(map.takeProblems().join("\n"), problem);
    settle();
    assert.deepEqual(map.takeProblems(), [], "told once");
    rmSync(path, { recursive: true });
    writeFileSync(path, "b.example\n");
    settle();
    assert.equal(has("a.example"), false);
    assert.equal(has("b.example"), true);
  });
}

test("a file that cannot be read from the start is empty, and is read as soon as it can be", () => {
  const path = join(folder, "loop");
  symlinkSync(path, path);
  const { map, has, settle } = followed(path);
  assert.equal(has("a.example"), false);
  assert.match(map.takeProblems().join(), /cannot read .*ELOOP/);
  rmSync(path);
  writeFileSync(path, "a.example");
  settle();
  assert.equal(has("a.example"), true);
});

test("a file whose reading was forbidden is read when it is allowed, though nothing else of it changed", () => {
  const path = file("a.example");
  chmodSync(path, 0);
  const { has, settle } = followed(path);
  has("");
  chmodSync(path, 0o644);
  settle();
  assert.equal(has("a.example"), true);
});

test("a file that is being written counts when it rests, or after a while all the same", () => {
  const path = file("a.example\nb.example\n");
  const { has, wait } = followed(path);
  assert.equal(has("a.example"), true);
  truncateSync(path);
  wait(5_000);
  for (let step = 0; step < 20; step++) {
    writeFileSync(path, `c${step}.example\n`, { flag: "a" });
    wait(1_000);
    assert.equal(has("a.example"), true);
    assert.equal(has("c0.example"), false);
  }
  for (let step = 20; step < 40; step++) {
    writeFileSync(path, `c${step}.example\n`, { flag: "a" });
    wait(1_000);
  }
  assert.equal(has("c0.example"), true);
});

test("a file that is away while it is replaced loses nothing", () => {
  const path = file("a.example\n");
  const { map, has, wait } = followed(path);
  assert.equal(has("a.example"), true);
  rmSync(path);
  wait(5_000);
  writeFileSync(`${path}.new`, "a.example\nb.example\n");
  renameSync(`${path}.new`, path);
  wait(1_000);
  assert.equal(has("a.example"), true);
  wait(1_000);
  assert.equal(has("b.example"), true);
  assert.deepEqual(map.takeProblems(), []);
});

test("a file with an older time is a changed file", () => {
  const path = file("a.example\n");
  const { has, settle } = followed(path);
  has("");
  writeFileSync(path, "b.example\n");
  utimesSync(path, 1, 1);
  settle();
  assert.equal(has("b.example"), true);
});

test("a large file is read beside everything else", async () => {
  const path = file("a.example\n");
  const { has, settle } = followed(path);
  assert.equal(has("a.example"), true);
  writeFileSync(path, Array.from({ length: 20_000 }, (_, index) => `host${index}.example.org`).join("\n"));
  settle();
  assert.equal(has("a.example"), true, "until all is read");
  assert.equal(has("host0.example.org"), false);
  for (let turn = 0; turn < 1_000 && has("a.example"); turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(has("a.example"), false);
  assert.equal(has("host19999.example.org"), true);
});

test("line ends of every system, and a byte order mark", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const { entries, problems } = readMapFile(file(`\ufeffa.example${end}# why${end}b.example 2`), "domains");
    assert.deepEqual(entries, [
      ["a.example", ""],
      ["b.example", "2"],
    ]);
    assert.deepEqual(problems, []);
  }
});

test("what is cut off by the limit is no entry", () => {
  const line = "192.0.2.128\n";
  const text = line.repeat(Math.ceil(largestMap / line.length));
  const { entries, problems } = readMapFile(file(`${text.slice(0, largestMap - 3)}.128\n`), "networks");
  assert.match(problems.join(), /is larger than/);
  assert.deepEqual(new Set(entries.map(([key]) => key)), new Set(["192.0.2.128"]));
});

test("a file larger than memory is read to the limit", () => {
  const path = file("a.example\n");
  truncateSync(path, 2 ** 42);
  const { entries, problems } = readMapFile(path, "domains");
  assert.deepEqual(entries, [["a.example", ""]]);
  assert.match(problems.join("\n"), /is larger than/);
});

test("lines that are none: a long one, many, and texts of any length in what is said of them", () => {
  for (const kind of ["domains", "addresses", "networks"] as const) {
    const { entries, problems } = parseMapLines(`${"1.".repeat(2_000)}\n${"1".repeat(5_000)}\n`, kind, "x");
    assert.deepEqual(entries, []);
    assert.equal(problems.length, 2);
    for (const problem of problems) assert.ok(problem.length < 200, problem);
  }
  const many = parseMapLines("!\n".repeat(20_000), "domains", "x");
  assert.match(many.problems.join("\n"), /x has more than 10000 lines that cannot be read: the rest is not read/);
});

test("lines are read in slices", () => {
  const keys: string[] = [];
  const lines = openLines("a.example\n\nb.example\nc.example", "domains", "x", (key) => keys.push(key));
  assert.equal(lines.read(2), false);
  assert.deepEqual(keys, ["a.example"]);
  assert.equal(lines.read(2), true);
  assert.deepEqual(keys, ["a.example", "b.example", "c.example"]);
});

test("networks of all lengths; of one given twice the later counts, in files as in the configuration", () => {
  const table = new NetworkTable();
  for (const [key, value] of [
    ["::/0", "all"],
    ["0.0.0.0/0", "four"],
    ["192.0.2.0/25", "low"],
    ["192.0.2.128/25", "high"],
  ] as const)
    table.add(key, value);
  const find = (ip: string) => table.find(readAddress(ip) ?? [])?.value;
  assert.equal(find("192.0.2.127"), "low");
  assert.equal(find("192.0.2.128"), "high");
  assert.equal(find("198.51.100.1"), "four");
  assert.equal(find("2001:db8::1"), "all");
  const path = file("192.0.2.1 first\n192.0.2.1 second\n");
  assert.equal(networkMap({ entries: [["192.0.2.1", "own"]], files: [path] }).get("192.0.2.1"), "second");
});
