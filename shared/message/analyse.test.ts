import assert from "node:assert/strict";
import { test } from "node:test";
import type { FlawKind } from "../task.ts";
import { analyse, plainMessage } from "./analyse.ts";
import { all, count, first } from "./header.ts";
import { defaultLimits, type Limits } from "./limits.ts";
import { children } from "./part.ts";

function read(source: string, limits: Partial<Limits> = {}) {
  return analyse(Buffer.from(source, "latin1"), { ...defaultLimits, ...limits });
}

const head =
  "From: Joe <joe@example.org>\r\nTo: a@example.net, b@example.net\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n";

const mixed = [
  `${head}Date: Tue, 2 Jan 2024 03:04:05 +0000\r\nMessage-ID: <1@example.org>\r\n`,
  "Received: from a.example.org ([192.0.2.1]) by b.example.net with ESMTPS id 1; Tue, 2 Jan 2024 03:04:05 +0000\r\n",
  'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="outer"\r\n\r\npreamble\r\n',
  '--outer\r\nContent-Type: multipart/alternative; boundary="inner"\r\n\r\n',
  "--inner\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
  "Gr=FC=DFe, see http://www.example.org/\r\nsecond\r\n",
  '--inner\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Hello <a href="http://example.net/x">you</a></p>\r\n',
  "--inner--\r\n\r\n",
  "--outer\r\nContent-Type: message/rfc822\r\n\r\nSubject: within\r\nFrom: x@example.com\r\n\r\nnested text\r\n",
  "--outer\r\nContent-Type: application/octet-stream; name*=utf-8''%C3%BC.PDF\r\nContent-Disposition: attachment\r\n",
  "Content-Transfer-Encoding: base64\r\nContent-ID: <c1@example.org>\r\n\r\nJVBERi0xLjc=\r\n",
  "--outer--\r\nepilogue\r\n",
].join("");

test("a message of many parts", () => {
  const { headers, structure, text, html, urls, received, attachments, raw } = read(mixed);
  assert.equal(headers.subject, "Grüße");
  assert.deepEqual(
    headers.from.map(({ name, address }) => [name, address]),
    [["Joe", "joe@example.org"]],
  );
  assert.equal(headers.to.length, 2);
  assert.equal(headers.messageId, "1@example.org");
  assert.equal(headers.date, Date.UTC(2024, 0, 2, 3, 4, 5));
  assert.equal(received[0]?.ip, "192.0.2.1");
  assert.deepEqual(
    structure.parts.map(({ id, parent, depth, type }) => [id, parent, depth, type]),
    [
      [0, -1, 0, "multipart/mixed"],
      [1, 0, 1, "multipart/alternative"],
      [2, 1, 2, "text/plain"],
      [3, 1, 2, "text/html"],
      [4, 0, 1, "message/rfc822"],
      [5, 4, 2, "text/plain"],
      [6, 0, 1, "application/octet-stream"],
    ],
  );
  assert.deepEqual(
    children(structure.parts, 0).map(({ id }) => id),
    [1, 4, 6],
  );
  assert.deepEqual(
    text.map((one) => [one.part, one.html, one.charset, one.lines]),
    [
      [2, false, "windows-1252", 2],
      [3, true, "utf-8", 1],
      [5, false, "us-ascii", 1],
    ],
  );
  assert.equal(text[0]?.text, "Grüße, see http://www.example.org/\nsecond");
  assert.equal(text[1]?.text, "Hello you");
  assert.equal(html[0]?.links[0]?.href, "http://example.net/x");
  assert.deepEqual(
    urls.map(({ host }) => host),
    ["www.example.org", "example.net"],
  );
  const { content, ...file } = attachments[0] ?? assert.fail("no attachment");
  assert.equal(Buffer.from(content).toString(), "%PDF-1.7");
  assert.deepEqual(file, {
    part: 6,
    filename: "ü.PDF",
    extension: "pdf",
    type: "application/octet-stream",
    detected: "application/pdf",
    digest: "86edbaa24831badfa0a8b04bb410141e",
  });
  assert.equal(attachments.length, 1);
  assert.equal(structure.parts[6]?.contentId, "c1@example.org");
  assert.equal(structure.parts[5]?.headers[0]?.value, "within");
  assert.deepEqual(structure.flaws, []);
  assert.equal(structure.size, raw.length);
  assert.equal(Buffer.from(raw).toString("latin1", structure.headerSize, structure.headerSize + 8), "preamble");
});

test("offsets of a part lead to its body in the raw message", () => {
  const { structure, raw } = read(mixed);
  const body = (id: number) => {
    const { start = 0, end = 0 } = structure.parts[id] ?? {};
    return Buffer.from(raw).toString("latin1", start, end);
  };
  assert.equal(body(2), "Gr=FC=DFe, see http://www.example.org/\r\nsecond");
  assert.equal(body(5), "nested text");
  assert.equal(body(6), "JVBERi0xLjc=");
});

test("fields by name", () => {
  const { headers } = read("A: 1\nB: 2\na: 3\n\n");
  assert.equal(first(headers, "a")?.value, "1");
  assert.equal(first(headers, "c"), null);
  assert.deepEqual(
    all(headers, "a").map(({ value }) => value),
    ["1", "3"],
  );
  assert.equal(count(headers, "a"), 2);
  assert.equal(read("constructor: x\n__proto__: y\n\n").headers.fields.length, 2);
});

test("a text that is named is text and file; what is marked as attachment is only a file", () => {
  const named = read('Content-Type: text/plain; name="a.txt"\n\nabc');
  assert.deepEqual([named.text.length, named.attachments[0]?.extension], [1, "txt"]);
  const marked = read('Content-Type: text/html\nContent-Disposition: attachment; filename="a.html . "\n\n<p>abc');
  assert.deepEqual([marked.text.length, marked.attachments[0]?.extension], [0, "html"]);
});

test("an encoded message within is read, and stands where its encoded bytes stand", () => {
  const inner = Buffer.from("Subject: x\n\nhidden text").toString("base64");
  const { text, structure } = read(`Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n${inner}`);
  assert.equal(text[0]?.text, "hidden text");
  assert.equal(structure.parts[1]?.start, structure.parts[0]?.start);
});

test("a digest's parts are messages", () => {
  const { structure } = read("Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\ntext\n--b--\n");
  assert.deepEqual(
    structure.parts.map(({ type, declared }) => [type, declared]),
    [
      ["multipart/digest", true],
      ["message/rfc822", false],
      ["text/plain", false],
    ],
  );
});

test("bodies whose boundary is lost are read all the same", () => {
  const parts = "--real\nContent-Type: text/plain\n\nfound\n--real--\n";
  for (const type of ["multipart/mixed", "multipart/mixed; boundary=other"]) {
    assert.equal(read(`Content-Type: ${type}\n\n${parts}`).text[0]?.text, "found", type);
  }
  assert.equal(read("Content-Type: multipart/mixed; boundary=b\n\njust text").text[0]?.text, "just text");
});

test("plain text has a subject and no headers", () => {
  const facts = plainMessage(Buffer.from("see http://example.org/ für"), defaultLimits, "hello");
  assert.equal(facts.headers.subject, "hello");
  assert.equal(facts.text[0]?.text, "see http://example.org/ für");
  assert.equal(facts.urls[0]?.host, "example.org");
  assert.deepEqual(facts.structure.flaws, []);
  assert.equal(plainMessage(Buffer.alloc(0)).headers.subject, null);
});

/** A message that shows each flaw, with limits that are reached by little. */
const flaws: Readonly<Record<FlawKind, readonly [source: string, limits?: Partial<Limits>]>> = {
  "limit-size": ["A: 1\n\nlong text", { messageBytes: 10 }],
  "limit-headers": ["A: 1\nB: 1\n\n", { headers: 1 }],
  "limit-header-size": [`A: ${"x".repeat(50)}\n\n`, { headerBytes: 20 }],
  "limit-parts": [`Content-Type: multipart/mixed; boundary=b\n\n${"--b\n\nx\n".repeat(9)}`, { parts: 3 }],
  "limit-depth": [
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nA: 1\n",
    { depth: 1 },
  ],
  "limit-text": ["\nlong text", { textBytes: 3 }],
  "limit-params": ["Content-Type: text/plain; a=1; b=2; c=3\n\n", { params: 2 }],
  "limit-urls": ["\nhttp://a.test/ http://b.test/ http://c.test/", { urls: 1 }],
  "limit-emails": ["\na@example.org b@example.org c@example.org", { emails: 1 }],
  "limit-addresses": ["To: a@b.test, c@d.test\n\n", { addresses: 1 }],
  "limit-received": ["Received: from a\nReceived: from b\n\n", { received: 1 }],
  "limit-html": ["Content-Type: text/html\n\n<p><b><i>x", { htmlTags: 1 }],
  "limit-words": ["Subject: =?utf-8?q?a?= =?utf-8?q?b?=\n\n", { words: 1 }],
  "limit-comments": ["From: (((a))) a@b.test\n\n", { comments: 1 }],
  "bad-header": ["A: 1\nno field\nB: 1\n\n"],
  "bad-address": ["From: nobody\n\n"],
  "bad-date": ["Date: tomorrow\n\n"],
  "bad-content-type": ["Content-Type: nonsense\n\n"],
  "bad-encoding": ["Content-Transfer-Encoding: rot13\n\n"],
  "bad-base64": ["Content-Transfer-Encoding: base64\n\nQU!JD"],
  "bad-quoted-printable": ["Content-Transfer-Encoding: quoted-printable\n\na=zz"],
  "bad-charset": ["Content-Type: text/plain; charset=x-none\n\n\xe9"],
  "bad-word": ["Subject: =?x-none?q?=E9?=\n\n"],
  "missing-boundary": ["Content-Type: multipart/mixed\n\ntext"],
  "unclosed-boundary": ["Content-Type: multipart/mixed; boundary=b\n\n--b\n\ntext"],
  "duplicate-boundary": [
    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n",
  ],
  "duplicate-header": ["Subject: a\nSubject: b\n\n"],
  "eight-bit-header": ["Subject: \xe9\n\n"],
  "eight-bit-body": ["Content-Transfer-Encoding: 7bit\n\n\xe9"],
  "missing-empty-line": ["Subject: a\nHello there,\n\nmore"],
  "mbox-line": ["From a@example.org Thu Aug 22\nSubject: a\n\n"],
  "byte-order-mark": ["\xef\xbb\xbfSubject: a\n\n"],
  uuencode: ["\nbegin 644 a.txt\n#0V%T\n`\nend\n"],
  nul: ["Subject: a\n\n\0"],
  "bare-cr": ["Subject: a\rb\n\n"],
  "bare-lf": ["Subject: a\r\nFrom: a@b.test\n\r\n"],
  "limit-readings": ["Content-Type: text/plain\nContent-Type: text/html\n\n<b>x", { readings: 0 }],
  "outside-text": ["Content-Type: multipart/mixed; boundary=b\n\nhttp://a.test/\n--b\n\nx\n--b--\n"],
  "ambiguous-type": ["Content-Type: text/plain\nContent-Type: text/html\n\n<b>x"],
  "ambiguous-encoding": ["Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: base64\n\nQUJD"],
  "ambiguous-boundary": ["Content-Type: multipart/mixed; boundary=a; boundary=b\n\n--a\n\nx\n--b\n\ny"],
  "ambiguous-charset": ["Content-Type: text/plain; charset=utf-7; charset=utf-8\n\n+AGE-"],
  "ambiguous-filename": ["Content-Type: image/png; name=a.exe\nContent-Disposition: inline; filename=a.png\n\n"],
  "ambiguous-header": ["Subject: a\rContent-Type: text/html\n\nx"],
};

test("each flaw is noted where it shows, and not in a clean message", () => {
  for (const [kind, [source, limits]] of Object.entries(flaws)) {
    const kinds: string[] = read(source, limits).structure.flaws.map((flaw) => flaw.kind);
    assert.ok(kinds.includes(kind), `${kind}: ${kinds.join(" ") || "none"}`);
  }
  assert.equal(
    read(Array.from({ length: 50 }, (_, at) => `no field ${at}\nA: 1\n`).join(""), { flaws: 5 }).structure.flaws.length,
    5,
  );
});

/** The same numbers in each run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What any bytes must give: facts that hang together. */
function check(raw: Buffer, limits: Limits = defaultLimits) {
  const { structure, text, attachments, headers } = analyse(raw, limits);
  structure.parts.forEach((part, at) => {
    assert.equal(part.id, at);
    assert.ok(part.parent < at && part.start >= 0 && part.start <= part.end && part.end <= raw.length);
    assert.equal(structure.parts[part.parent]?.depth ?? -1, part.depth - 1);
  });
  for (const { part } of [...text, ...attachments]) assert.ok(part < structure.parts.length);
  for (const { name, raw: bytes } of headers.fields) assert.ok(raw.includes(`${name}:${bytes}`, 0, "latin1"));
}

const samples = [mixed, ...Object.values(flaws).map(([source]) => source)];

test("a message cut anywhere is analysed", () => {
  for (const sample of samples) {
    const raw = Buffer.from(sample, "latin1");
    for (let length = 0; length <= raw.length; length++) check(raw.subarray(0, length));
  }
});

test("any bytes are analysed", () => {
  const next = random(1);
  const pieces = [
    "\r\n",
    "\n",
    "--b",
    "--",
    ":",
    "=?utf-8?q?",
    "?=",
    "(",
    ")",
    "<",
    ">",
    '"',
    ";",
    "=",
    "Content-Type: ",
    "multipart/mixed; boundary=b",
    "message/rfc822\n\n",
    "From: ",
    "Received: from ",
    "\0",
    "\xff",
    "begin 644 x\n",
    "a",
  ];
  for (let round = 0; round < 1500; round++) {
    const noise = Buffer.from(Array.from({ length: 200 }, () => Math.floor(next() * 256)));
    check(noise);
    const words = Array.from({ length: 60 }, () => pieces[Math.floor(next() * pieces.length)] ?? "");
    check(Buffer.from(words.join(""), "latin1"), { ...defaultLimits, parts: 20, depth: 4 });
  }
});

test("mutated messages are analysed", () => {
  const next = random(2);
  for (let round = 0; round < 2000; round++) {
    const raw = Buffer.from(samples[round % samples.length] ?? "", "latin1");
    for (let change = 0; change < 5; change++) raw[Math.floor(next() * raw.length)] = Math.floor(next() * 256);
    const from = Math.floor(next() * raw.length);
    check(Buffer.concat([raw.subarray(0, from), raw.subarray(Math.floor(next() * raw.length))]));
  }
});
