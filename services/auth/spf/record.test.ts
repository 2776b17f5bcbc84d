import assert from "node:assert/strict";
import { test } from "node:test";
import { longestRecord, readTerms } from "./record.ts";

for (const [terms, message] of [
  ["ip4:192.0.2.1 moo", /^moo: there is no such mechanism$/],
  ["ip4:192.0.2", /no IPv4 network/],
  ["ip4:192.0.2.01", /no IPv4 network/],
  ["ip4:192.0.2.1.", /no IPv4 network/],
  ["ip4:192.0.2.0/", /no IPv4 network/],
  ["ip4:192.0.2.0/033", /no IPv4 network/],
  ["ip4/24", /no IPv4 network/],
  ["ip6:2001:db8::%eth0", /no IPv6 network/],
  ["ip6:2001:db8::/0128", /no IPv6 network/],
  ["ip6:192.0.2.1", /no IPv6 network/],
  ["a/24//129", /its prefix is none/],
  ["a//24/24", /names no domain/],
  ["mx/9999999999999999999999", /names no domain/],
  ["-all/0", /all takes nothing/],
  ["include/24", /names no domain/],
  ["exists:", /names no domain/],
  ["a:example.1", /does not end like a name/],
  ["a:-example", /does not end like a name/],
  ["a:%%-", /does not end like a name/],
  ["a:%{q}.example", /"%\{q\}" is no macro/],
  ["a:%{d", /is no macro/],
  ["a:%{c}.example", /is no macro/],
  ["a:%{d999r%}.example", /is no macro/],
  ["x=%{", /is no macro/],
  ["redirect=a.example redirect=b.example", /redirect= stands there twice/],
  ["EXP=a.example exp=b.example", /exp= stands there twice/],
  ["redirect=", /names no domain/],
  ["=x", /no such mechanism/],
  ["1x=y", /no such mechanism/],
  ["a\tmx", /characters that no term may have/],
  ["a:ex\u00e4mple.example", /characters that no term may have/],
  ["ip4:192.0.2.1 ".repeat(longestRecord), /longer than/],
  [`-${"a".repeat(9_000)}`, /^-a{95}\.\.\.: there is no such mechanism$/],
] as const) {
  test(`refuses ${terms.slice(0, 60)}`, () => {
    const record = readTerms(terms);
    assert.ok(record instanceof Error);
    assert.match(record.message, message);
  });
}

test("reads every kind of term, whatever its case", () => {
  const text =
    " ip4:192.0.2.0/24 -IP6:2001:DB8::/32 ~A/24//64 ?mx:%{d2} ptr include:a.example. eXists:%{i}.x _x.1=%{l} exp=e.example all";
  const record = readTerms(text.replace("_x.1", "x_.1"));
  assert.ok(!(record instanceof Error));
  assert.deepEqual(
    record.directives.map(({ qualifier, mechanism }) => `${qualifier}${mechanism.kind}`),
    ["+ip4", "-ip6", "~a", "?mx", "+ptr", "+include", "+exists", "+all"],
  );
  assert.equal(record.exp?.name, "e.example");
  assert.equal(record.redirect, null);
  assert.equal(record.open, "+all");
});

for (const [terms, open] of [
  ["ip4:192.0.2.0/24 -all", ""],
  ["-all", ""],
  ["?all", ""],
  ["ip4:10.0.0.0/8 ip6:2001:db8::/16 a/8", ""],
  ["ip4:0.0.0.0/0 -all", "+ip4:0.0.0.0/0"],
  ["-ip4:0.0.0.0/0 +ip4:128.0.0.0/1", "+ip4:128.0.0.0/1"],
  ["ip6:::/0 -all", "+ip6:::/0"],
  ["a/0 -all", "+a/0"],
  ["mx:m.example//8 -all", "+mx:m.example//8"],
  ["?ip4:0.0.0.0/0 ~all", ""],
] as const) {
  test(`${terms} lets ${open === "" ? "some" : "all"} send`, () => {
    const record = readTerms(terms);
    assert.ok(!(record instanceof Error));
    assert.equal(record.open, open);
  });
}
