import assert from "node:assert/strict";
import { test } from "node:test";
import { parseAddresses } from "./address.ts";
import { flawList } from "./flaw.ts";

function parse(text: string, addresses = 100) {
  const { flaws, note } = flawList(10);
  const context = { eightBit: true, charset: "", words: 100, part: 0, note, addresses, comments: 5 };
  return { boxes: parseAddresses(text, context), kinds: flaws.map(({ kind }) => kind) };
}

/** Each mailbox as [name, address], with "!" behind an address that is not valid. */
function read(text: string) {
  return parse(text).boxes.map(({ name, address, valid }) => [name, valid ? address : `${address}!`]);
}

const cases: readonly (readonly [text: string, ...boxes: string[][]])[] = [
  ["joe@example.org", ["", "joe@example.org"]],
  ["Joe Q. Public <joe@Example.ORG>", ["Joe Q. Public", "joe@example.org"]],
  ['"Public, Joe" <joe@example.org>, <x@example.net>', ["Public, Joe", "joe@example.org"], ["", "x@example.net"]],
  ['"a\\"b" <joe@example.org>', ['a"b', "joe@example.org"]],
  ["joe@example.org (Joe (the one))", ["Joe (the one)", "joe@example.org"]],
  ["(x) Pete(A nice \\) chap) <pete(his account)@silly.test>", ["Pete", "pete@silly.test"]],
  ["Joe <joe@(x)example.org(>)>", ["Joe", "joe@example.org"]],
  ["Joe <joe(@example.org>", ["Joe", "joe(@example.org!"]],
  ["A Group:Ed Jones <joe@a.test>,b@c.test;", ["Ed Jones", "joe@a.test"], ["", "b@c.test"]],
  ["Undisclosed recipients:;"],
  [""],
  [" , ,"],
  // Obsolete (RFC 5322, 4.4)
  ["Joe <@a.test,@b.test:joe@c.test>", ["Joe", "joe@c.test"]],
  ["joe . public @ example . org", ["", "joe.public@example.org"]],
  // Quoted and literal
  ['"joe public"@example.org', ["", '"joe public"@example.org']],
  ["joe@[192.0.2.1]", ["", "joe@[192.0.2.1]"]],
  ["<joe@[IPv6:2001:db8::1]>", ["", "joe@[ipv6:2001:db8::1]"]],
  // Names in words and bytes
  ["=?utf-8?q?J=C3=B6rg=2C_X?= <j@example.org>", ["Jörg, X", "j@example.org"]],
  ['"=?utf-8?q?J=C3=B6rg?=" <j@example.org>', ["Jörg", "j@example.org"]],
  ["J\xf6rg <j@example.org>", ["Jörg", "j@example.org"]],
  ["=?utf-8?B?Sm9lIDxqb2VAZXhhbXBsZS5vcmc+?=", ["Joe", "joe@example.org"]],
  // IDN (RFC 6531)
  ["j\xc3\xb6rg@b\xc3\xbccher.example", ["", "jörg@xn--bcher-kva.example"]],
  // Broken
  ["Joe <joe@example.org", ["Joe", "joe@example.org"]],
  ['"Joe <joe@example.org>', ['"Joe', "joe@example.org"]],
  ["a@b.test <c@d.test>", ["a@b.test", "c@d.test"]],
  ["<a@b.test> <c@d.test>", ["", "a@b.test"], ["", "c@d.test"]],
  ["a@b.test c@d.test", ["", "a@b.test"], ["", "c@d.test"]],
  ["a@b.test; c@d.test", ["", "a@b.test"], ["", "c@d.test"]],
  ["Joe joe@example.org", ["Joe", "joe@example.org"]],
  ["<>", ["", "!"]],
  ["root", ["", "root!"]],
  ["<two words@example.org>", ["", "two words@example.org!"]],
  ["a..b@example.org", ["", "a..b@example.org!"]],
  ["a@b@example.org", ["", "a@b@example.org!"]],
  ["a@-.", ["", "a@-"]],
  ["a@exa mple.org", ["mple.org", "a@exa"]],
];

test("addresses, obsolete and broken ones", () => {
  for (const [text, ...boxes] of cases) assert.deepEqual(read(text), boxes, text);
});

test("user, host and organisational domain", () => {
  const [box] = parse("Joe.Public@Mail.Example.CO.UK").boxes;
  assert.deepEqual(box, {
    name: "",
    address: "Joe.Public@mail.example.co.uk",
    user: "Joe.Public",
    host: "mail.example.co.uk",
    domain: "example.co.uk",
    valid: true,
  });
});

test("flaws", () => {
  assert.deepEqual(parse("root").kinds, ["bad-address"]);
  assert.deepEqual(parse("a@example.org").kinds, []);
  assert.deepEqual(parse(`${"(".repeat(8)}x${")".repeat(8)} a@example.org`).kinds.at(0), "limit-comments");
  const many = parse("a@b.test,".repeat(50), 10);
  assert.deepEqual([many.boxes.length, many.kinds], [10, ["limit-addresses"]]);
});
