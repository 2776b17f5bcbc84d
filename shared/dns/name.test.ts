import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalName, readName, writeName } from "./name.ts";

const label = "x".repeat(63);
const longest = [label, label, label, "y".repeat(61)].join(".");

test("a name is asked for in one form", () => {
  assert.equal(canonicalName("WWW.Example.ORG."), "www.example.org");
  assert.equal(canonicalName("_dmarc.xn--bcher-kva.example"), "_dmarc.xn--bcher-kva.example");
  assert.equal(canonicalName("1.2.0.192.in-addr.arpa"), "1.2.0.192.in-addr.arpa");
  assert.equal(canonicalName(longest), longest);
  assert.equal(canonicalName(`${longest}.`), longest);
});

test("what is no name is none", () => {
  const wrong = [
    "",
    ".",
    "..",
    "a..b",
    ".a",
    "a..",
    `${label}x.org`,
    `${longest}z`,
    `z.${longest}`,
    "b\u00fccher.example",
  ];
  for (const name of [...wrong, "a b", "a\tb", "a\0b", "a\\.b", "a\n", "x".repeat(1_000_000)]) {
    assert.equal(canonicalName(name), undefined, JSON.stringify(name.slice(0, 80)));
  }
});

test("a name comes back from its bytes", () => {
  for (const name of ["org", "www.example.org", longest, `"!#$%&'()*+,/:;<=>?@[]^_\`{|}~.org`]) {
    const bytes = Buffer.alloc(300, 7);
    const end = writeName(bytes, 3, name);
    assert.equal(end, 3 + name.length + 2);
    assert.deepEqual(readName(bytes, 3), { name, end });
  }
});

test("pointers lead to what was there before", () => {
  const bytes = Buffer.from("\x03org\0\x07Example\xc0\x00\x03www\xc0\x05\x07", "latin1");
  assert.deepEqual(readName(bytes, 5), { name: "example.org", end: 15 });
  assert.deepEqual(readName(bytes, 15), { name: "www.example.org", end: 21 });
  assert.deepEqual(readName(bytes, 0), { name: "org", end: 5 });
});

test("bytes that could be mistaken for others are written out", () => {
  assert.equal(readName(Buffer.from("\x03a.b\x02\\c\x01\xff\x01 \0", "latin1"), 0)?.name, "a\\046b.\\092c.\\255.\\032");
});

test("what is no name in a message is refused, and every pointer leads to an end", () => {
  const wrong = {
    "nothing there": "",
    "no end": "\x03org",
    "a label longer than the message": "\x3fabc",
    "a label of more than 63": `\x40${"a".repeat(64)}\0`,
    "labels of a kind that is not in use": "\x80a\0",
    "half a pointer": "\xc0",
    "a pointer to itself": "\xc0\x00",
    "a pointer ahead": "\xc0\x02\x01a\0",
    "a pointer out of the message": "\xff\xff",
  };
  for (const [what, bytes] of Object.entries(wrong)) {
    assert.equal(readName(Buffer.from(bytes, "latin1"), 0), undefined, what);
  }
  // Two pieces that lead to each other.
  assert.equal(readName(Buffer.from("\x01a\xc0\x04\x01b\xc0\x00", "latin1"), 4), undefined);
});

test("a name of more than 255 bytes is refused, however it is put together", () => {
  const pieces = [Buffer.from("\x01a\0", "latin1")];
  let last = 0;
  let size = 3;
  for (let count = 0; count < 200; count++) {
    pieces.push(Buffer.from([2, 0x62, 0x62, 0xc0 | (last >> 8), last & 255]));
    last = size;
    size += 5;
  }
  assert.equal(readName(Buffer.concat(pieces), last), undefined);
  const ok = 3 + 5 * 83;
  assert.equal(readName(Buffer.concat(pieces), ok)?.name.length, 84 * 3 + 1);
  assert.equal(readName(Buffer.concat(pieces), ok + 5), undefined);
});
