import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "./analyse.ts";
import { defaultLimits, type Limits } from "./limits.ts";

function read(source: string, limits: Partial<Limits> = {}) {
  const facts = analyse(Buffer.from(source, "latin1"), { ...defaultLimits, ...limits });
  const kinds = facts.structure.flaws.map(({ kind }) => kind).filter((kind) => /^ambiguous|^outside/.test(kind));
  const hosts = facts.urls.map(({ host }) => host).sort();
  return { ...facts, kinds, hosts };
}

const link = '<a href="http://b.test/">x</a>';
const encoded = Buffer.from(link).toString("base64");
const part = (fields: string, body: string) => `${fields}\n\n${body}`;
const html = `Content-Type: text/html\n\n${link}`;

/** What is read in two ways, why, and that the link which only the other reader sees is found. */
const hidden: readonly (readonly [about: string, source: string, kind: string])[] = [
  [
    "two encodings",
    part("Content-Type: text/html\nContent-Transfer-Encoding: 8bit\nContent-Transfer-Encoding: base64", encoded),
    "ambiguous-encoding",
  ],
  [
    "an encoding that is nearly one",
    part("Content-Type: text/html\nContent-Transfer-Encoding: x-base64", encoded),
    "ambiguous-encoding",
  ],
  [
    "a multipart in base64",
    part(
      "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64",
      Buffer.from(`--b\n${html}\n--b--\n`).toString("base64"),
    ),
    "ambiguous-encoding",
  ],
  [
    "a message that is not in the base64 that it promises",
    part("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64", html),
    "ambiguous-encoding",
  ],
  [
    "two boundaries",
    part("Content-Type: multipart/mixed; boundary=a; boundary=b", `--a\n\nx\n--a--\n--b\n${html}\n--b--\n`),
    "ambiguous-boundary",
  ],
  [
    "a boundary by RFC 2231 and a plain one",
    part("Content-Type: multipart/mixed; boundary=b; boundary*0=a", `--a\n\nx\n--a--\n--b\n${html}\n--b--\n`),
    "ambiguous-boundary",
  ],
  [
    "a boundary with a comment",
    part("Content-Type: multipart/mixed; boundary=a(b)", `--a\n\nx\n--a--\n--a(b)\n${html}\n--a(b)--\n`),
    "ambiguous-boundary",
  ],
  [
    "a boundary that goes on behind a blank",
    part("Content-Type: multipart/mixed; boundary=b c", `--b c\n\nx\n--b c--\n--b\n${html}\n--b--\n`),
    "ambiguous-boundary",
  ],
  [
    "parts behind the closing line",
    part("Content-Type: multipart/mixed; boundary=b", `--b\n\nx\n--b--\n--b--\n--b\n${html}\n`),
    "ambiguous-boundary",
  ],
  [
    "text before the first boundary line",
    part("Content-Type: multipart/mixed; boundary=b", "See http://b.test/\n--b\n\nx\n--b--\n"),
    "outside-text",
  ],
  [
    "text behind the last boundary line",
    part("Content-Type: multipart/mixed; boundary=b", "--b\n\nx\n--b--\nSee http://b.test/\n"),
    "outside-text",
  ],
  [
    "two charsets",
    part("Content-Type: text/plain; charset=utf-8; charset=utf-7", "http+ADo-//b.test/"),
    "ambiguous-charset",
  ],
  [
    "a mark of UTF-16 before ASCII",
    part("Content-Type: text/plain; charset=utf-8", "\xff\xfehttp://b.test/"),
    "ambiguous-charset",
  ],
  ["a field behind a bare CR", `Subject: x\rContent-Transfer-Encoding: base64\n\n${encoded}`, "ambiguous-header"],
  ["a field behind a NUL", `Content-\0Transfer-Encoding: base64\n\n${encoded}`, "ambiguous-header"],
  [
    "parts between bare CRs",
    part("Content-Type: multipart/mixed; boundary=b", "\r--b\rContent-Transfer-Encoding: base64\r\r").concat(encoded),
    "ambiguous-header",
  ],
  [
    "a text that begins with a header block",
    part("Content-Type: text/plain", `\nContent-Transfer-Encoding: base64\n\n${encoded}`),
    "ambiguous-type",
  ],
  ["padding within base64", part("Content-Transfer-Encoding: base64", broken("http://b.test/ ")), "ambiguous-encoding"],
];

/** Base64 whose groups are torn apart by padding. */
function broken(text: string): string {
  const whole = Buffer.from(text.repeat(3)).toString("base64");
  return `${whole.slice(0, 1)}=${whole.slice(1)}`;
}

test("what another reader would show is looked at, and a flaw says so", () => {
  for (const [about, source, kind] of hidden) {
    const { kinds, hosts } = read(source);
    assert.ok(kinds.includes(kind as (typeof kinds)[number]), `${about}: ${kinds.join(" ") || "no flaw"}`);
    assert.deepEqual(hosts, ["b.test"], about);
  }
});

test("of two types both are read, and the second is marked", () => {
  const source = `Content-Type: text/plain\nContent-Type: text/html; charset=utf-8\n\n${link}`;
  const { structure, text, html, kinds } = read(source);
  assert.deepEqual(kinds, ["ambiguous-type"]);
  assert.deepEqual(
    structure.parts.map(({ type, parent, depth, reading }) => [type, parent, depth, reading]),
    [
      ["text/plain", -1, 0, undefined],
      ["text/html", 0, 1, "ambiguous-type"],
    ],
  );
  assert.deepEqual([text[0]?.text, text[1]?.text], [link, "x"]);
  assert.equal(html[0]?.links[0]?.href, "http://b.test/");
});

test("two versions of MIME: a reader that knows neither shows the source", () => {
  const source = (second: string) => `MIME-Version: 1.0\nMIME-Version: ${second}\nContent-Type: text/html\n\n${link}`;
  const { text, kinds } = read(source("9.9"));
  assert.deepEqual([text[1]?.text, kinds], [link, ["ambiguous-type"]]);
  assert.deepEqual(read(source("1.0")).kinds, []);
});

test("a type that cannot be read is what the content looks like to some", () => {
  const { html, kinds } = read(`Content-Type: text/plain, x\n\n<html>${link}`);
  assert.deepEqual([html.length, kinds], [1, ["ambiguous-type"]]);
});

test("an attachment has every name that a reader gives it", () => {
  const names = (fields: string) => {
    const { attachments, kinds } = read(`Content-Type: image/png${fields}\n\nx`);
    return [attachments.map(({ filename }) => filename), kinds];
  };
  const both = [["a.png", "a.exe"], ["ambiguous-filename"]];
  assert.deepEqual(names("; name=a.exe\nContent-Disposition: attachment; filename=a.png"), both);
  assert.deepEqual(names("\nContent-Disposition: attachment; filename=a.png; filename=a.exe"), both);
  assert.deepEqual(names("\nContent-Disposition: attachment; filename*=utf-8''a.png; filename=a.exe"), both);
  assert.deepEqual(names("; name=b.png\nContent-Disposition: attachment; filename=a.png"), [["a.png"], []]);
});

test("a long run of bare CRs is read", () => {
  const { kinds } = read(`Subject: x\ry${"\r".repeat(300_000)}z\n\nx`);
  assert.deepEqual(kinds, ["ambiguous-header"]);
});

test("what all readers show alike has one reading", () => {
  const same = [
    "Content-Type: text/html; charset=utf-8\nContent-Type: text/html; charset=UTF8\n\nx",
    "Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: 8bit\n\nx",
    "Content-Type: text/plain; charset=utf-8; charset=iso-8859-1\n\nonly ASCII",
    "Content-Type: text/plain (a comment); format=flowed\n\nx",
    "Subject: a\r\r\nFrom: a@b.test\r\r\n\r\r\nx",
    "Content-Type: multipart/mixed; boundary=b\n\nThis is a message in MIME format.\n--b\n\nx\n--b--\n\n-- \nJoe\n",
    "Content-Disposition: attachment; filename=Grusse.txt; filename*=utf-8''Gr%C3%BC%C3%9Fe.txt\n\nx",
  ];
  for (const source of same) {
    const { structure, kinds } = read(source);
    assert.deepEqual(kinds, [], source);
    assert.ok(structure.parts.every(({ reading }) => reading === undefined));
  }
});

test("readings do not multiply: none within another, so many in all, no more bytes than the message twice", () => {
  const twice = "Content-Type: multipart/mixed; boundary=a; boundary=b\n";
  let source = "x";
  for (let depth = 0; depth < 15; depth++) source = `${twice}\n--a\n${source}\n--b\n${source.slice(0, 2000)}`;
  const nested = read(source);
  const tops = nested.structure.parts.filter((one) => {
    return one.reading !== undefined && nested.structure.parts[one.parent]?.reading === undefined;
  });
  assert.ok(tops.length > 0 && tops.length <= defaultLimits.readings, `${tops.length}`);
  const many = `Content-Type: multipart/mixed; boundary=m\n\n${`--m\nContent-Type: text/plain\n${html}\n`.repeat(100)}`;
  const flat = read(many);
  assert.equal(flat.structure.parts.filter(({ reading }) => reading !== undefined).length, defaultLimits.readings);
  assert.ok(flat.structure.flaws.some(({ kind }) => kind === "limit-readings"));
  // The last of them has a second reading no more, but its first one is never left out.
  assert.equal(flat.text.filter(({ part }) => flat.structure.parts[part]?.reading === undefined).length, 100);
});
