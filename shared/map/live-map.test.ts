import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { configOf } from "../config/live.ts";
import { section } from "../config/schema.ts";
import { largestMap, mostLines, parseMapLines, readMapFile } from "./file.ts";
import { addressMap, domainMap, lookUpAddress, networkMap } from "./live-map.ts";
import { emptySource, type MapSource, mapProblems, mapSource } from "./source.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-map-"));
after(() => rmSync(folder, { recursive: true, force: true }));

let serial = 0;
function file(text: string): string {
  const path = join(folder, `${++serial}.map`);
  writeFileSync(path, text);
  return path;
}

const sections = {
  maps: section("", {
    domains: mapSource("domains", "Domains."),
    addresses: mapSource("addresses", "Addresses."),
    networks: mapSource("networks", "Networks."),
  }),
};

function configured(text: string): { domains: MapSource; addresses: MapSource; networks: MapSource } {
  return configOf(sections, `maps { ${text} }`).get(sections).maps;
}

test("a map in the configuration: entries, values, files", () => {
  const path = file("from-file.example 2\n");
  const { domains } = configured(`domains = ["Example.ORG", ["bücher.example", 0.5], "*.below.example", "${path}"]`);
  const map = domainMap(domains);
  assert.equal(map.get("example.org"), "");
  assert.equal(map.get("xn--bcher-kva.example"), "0.5");
  assert.equal(map.get("below.example"), "");
  assert.equal(map.get("from-file.example"), "2");
  assert.equal(map.get("www.example.org"), undefined);
  assert.equal(map.empty, false);
  assert.equal(domainMap(domains), map);
  assert.equal(domainMap(configured(`domains = "${path}"`).domains).get("from-file.example"), "2");
  assert.equal(domainMap(configured("domains = example.net").domains).get("example.net"), "");
  assert.equal(domainMap(emptySource).empty, true);
});

for (const [text, message] of [
  ['domains = ["not a domain"]', /"not a domain" is no domain/],
  ['domains = [["a.example", 1, 2]]', /is a list of texts/],
  ["domains = { a = 1 }", /is a list of texts/],
  ["addresses = ['a b@example.org']", /is no address/],
  ["networks = ['192.0.2.0/40']", /no prefix/],
] as const) {
  test(`refuses ${text}`, () => {
    assert.throws(() => configured(text), message);
  });
}

test("what stands on the Web is not fetched, and does not stop anything", () => {
  const { domains } = configured('domains = ["https://maps.example/x.inc.zst", "example.org"]');
  assert.deepEqual(domains, { entries: [["example.org", ""]], files: [] });
});

test("the lines of a file", () => {
  const text = "# comment\n\nexample.org\r\n  a.example \t 1.5  # why\nb.example bl:2\nnot/a/domain\nc.example";
  assert.deepEqual(parseMapLines(text, "domains", "x.map"), {
    entries: [
      ["example.org", ""],
      ["a.example", "1.5"],
      ["b.example", "bl:2"],
      ["c.example", ""],
    ],
    problems: ['x.map:6: "not/a/domain" is no domain'],
  });
});

test("a file that is missing is empty, one that is none is named, and so is one that is too long", () => {
  assert.deepEqual(readMapFile(join(folder, "none"), "domains"), { entries: [], problems: [] });
  assert.deepEqual(readMapFile(folder, "domains").problems, [`${folder} is not a file`]);
  const many = parseMapLines("a.example\n".repeat(mostLines + 10), "domains", "x");
  assert.equal(many.entries.length, mostLines);
  assert.deepEqual(many.problems, [`x has more than ${mostLines} entries: the rest is not read`]);
  const wrong = parseMapLines("a/b\n".repeat(1_000), "domains", "x");
  assert.equal(wrong.problems.length, 6);
  assert.match(wrong.problems[5] ?? "", /995 more lines/);
  const large = readMapFile(file(`${"#".repeat(largestMap)}\nexample.org`), "domains");
  assert.deepEqual(large.entries, []);
  assert.match(large.problems[0] ?? "", /is larger than/);
});

test("a changed file is read again, a removed one is empty, and problems are told once", () => {
  const path = file("example.org\n-/-\n");
  let now = 0;
  const map = domainMap({ entries: [["always.example", ""]], files: [path] }, () => now);
  assert.equal(map.get("example.org"), "");
  assert.equal(map.takeProblems().length, 1);
  assert.equal(map.takeProblems().length, 0);
  writeFileSync(path, "example.net other\n");
  assert.equal(map.get("example.net"), undefined, "not looked at yet");
  now += 5_000;
  assert.equal(map.get("example.net"), undefined, "may be written still");
  now += 1_000;
  assert.equal(map.get("example.net"), "other");
  assert.equal(map.get("example.org"), undefined);
  rmSync(path);
  now += 5_000;
  assert.equal(map.get("example.net"), "other", "may be away for a moment");
  now += 1_000;
  assert.equal(map.get("example.net"), undefined);
  assert.deepEqual(map.takeProblems(), [`${path} is gone: it counts as empty`]);
  assert.equal(map.get("always.example"), "");
});

test("a changed configuration keeps what a file held that cannot be read now", () => {
  const path = file("example.org");
  const { domains } = configured(`domains = "${path}"`);
  assert.equal(domainMap(domains).get("example.org"), "");
  rmSync(path);
  mkdirSync(path);
  assert.equal(domainMap(configured(`domains = ["${path}", "example.net"]`).domains).get("example.org"), "");
  assert.equal(domainMap(domains).empty, false);
});

test("the problems of all files of a configuration, for an operator who asks", () => {
  const path = file("a.example\n-/-\n");
  const networks = file("a.example");
  const maps = configured(`domains = ["${path}", "${folder}"]; networks = "${networks}"; addresses = "${path}.none"`);
  assert.deepEqual(mapProblems({ deep: [maps, maps] }), [
    `${path}:2: "-/-" is no domain`,
    `${folder} is not a file`,
    `${networks}:1: "a.example" is neither an address nor a network`,
  ]);
  assert.deepEqual(mapProblems(null), []);
});

test("addresses, those of a domain, and users", () => {
  const { addresses } = configured('addresses = ["Joe@Example.org", "@example.net", "postmaster"]');
  const map = addressMap(addresses);
  for (const address of ["joe@example.org", "JOE@example.org", "any@example.net", "postmaster@example.com"]) {
    assert.equal(lookUpAddress(map, address), "", address);
  }
  for (const address of ["jim@example.org", "any@www.example.net", "x", ""]) {
    assert.equal(lookUpAddress(map, address), undefined, address);
  }
});

test("networks: the smallest one counts", () => {
  const path = file("192.0.2.0/24 wide\n192.0.2.7 narrow\n2001:db8::/32 six\n");
  const map = networkMap(configured(`networks = "${path}"`).networks);
  assert.equal(map.get("192.0.2.7"), "narrow");
  assert.equal(map.get("192.0.2.8"), "wide");
  assert.equal(map.get("::ffff:192.0.2.8"), "wide");
  assert.equal(map.get("2001:db8::1"), "six");
  assert.equal(map.get("198.51.100.1"), undefined);
  assert.equal(map.get("nonsense"), undefined);
});
