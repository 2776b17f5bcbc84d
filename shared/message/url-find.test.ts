import assert from "node:assert/strict";
import { test } from "node:test";
import { findUrls } from "./url-find.ts";
import type { Work } from "./url-work.ts";

function find(text: string, bare = true) {
  const urls: string[] = [];
  const emails: string[] = [];
  findUrls(text, bare, {
    url: (written, start, end) => {
      assert.ok(start < end && end <= text.length);
      urls.push(written);
    },
    email: (user, host) => emails.push(`${user}@${host}`),
  });
  return { urls, emails };
}

const urls = (text: string) => find(text).urls;
const emails = (text: string) => find(text).emails;

test("a URL ends where a reader would end it", () => {
  for (const [text, url] of [
    ["see http://a.example/b.", "http://a.example/b"],
    ["http://a.example/b?c=d,e!?", "http://a.example/b?c=d,e"],
    ["(http://a.example/b)", "http://a.example/b"],
    ["(see http://a.example/b(c)d).", "http://a.example/b(c)d"],
    ["[x](http://a.example/b)", "http://a.example/b"],
    ["<http://a.example/b>", "http://a.example/b"],
    ['"http://a.example/b"', "http://a.example/b"],
    ["'http://a.example/b'c", "http://a.example/b"],
    ["http://a.example/it's", "http://a.example/it's"],
    ["*http://a.example/b*", "http://a.example/b"],
    ["http://a.example, and", "http://a.example"],
    ["http://a.example.", "http://a.example"],
    ["http://a.example:8080.", "http://a.example:8080"],
    ["http://a.example:", "http://a.example"],
    ["http://a.example&gt;", "http://a.example"],
    ["“http://a.example/b”", "http://a.example/b"],
    ["http://a.example/b，c", "http://a.example/b"],
    ["http://u:p@a.example/b", "http://u:p@a.example/b"],
    ["http://[2001:db8::1]:80/b", "http://[2001:db8::1]:80/b"],
    ["http://a.example/?u=http://b.example/c", "http://a.example/?u=http://b.example/c"],
    ["clickHTTPS://a.example/b", "HTTPS://a.example/b"],
    ["http://http://a.example/", "http://a.example/"],
    ["http://example.com谢谢", "http://example.com"],
    ["http://localhost/b", "http://localhost/b"],
    ["http://a.example\\b", "http://a.example\\b"],
    ["http://a.example/\u00a0b", "http://a.example/"],
  ] as const) {
    assert.deepEqual(urls(text), [url], text);
  }
});

test("disguises that readers see through", () => {
  assert.deepEqual(urls("hxxp://a[.]example[.]com/b"), ["hxxp://a[.]example[.]com/b"]);
  assert.deepEqual(urls("http[:]//a.example/b"), ["http://a.example/b"]);
  assert.deepEqual(urls("http[://]a.example/b"), ["http://a.example/b"]);
  assert.deepEqual(urls("go to example[.]com now"), ["http://example[.]com"]);
  assert.deepEqual(urls("http://example\u3002com/b"), ["http://example\u3002com/b"]);
  assert.deepEqual(urls("http://exa\u200bmple.com/b"), ["http://exa\u200bmple.com/b"]);
  assert.deepEqual(urls("\u200bexample.com\u200b"), ["http://example.com"]);
});

test("names without a scheme", () => {
  assert.deepEqual(urls("www.a.example, WWW.b.example/c. www2.d.example"), [
    "http://www.a.example",
    "http://WWW.b.example/c",
    "http://www2.d.example",
  ]);
  assert.deepEqual(urls("ftp.a.example"), ["ftp://ftp.a.example"]);
  assert.deepEqual(urls("buy at cheap-pills.com! or x.co.uk/y?z, foo.net:8080/x"), [
    "http://cheap-pills.com",
    "http://x.co.uk/y?z",
    "http://foo.net:8080/x",
  ]);
  assert.deepEqual(urls("请看www.example.com谢谢 访问example.com吧"), ["http://www.example.com", "http://example.com"]);
  assert.deepEqual(find("example.com www.example.com", false).urls, ["http://www.example.com"]);
});

test("what only looks like a name is none", () => {
  for (const text of [
    "e.g. this",
    "file.txt",
    "main.py",
    "script.sh",
    "1.2.3",
    "v2.0",
    "a.b",
    "end.Then",
    "THE END.BUY NOW",
    "genpkg.cc:586",
    "foo.bar()",
    "...",
    "/etc/init.com",
    "std::x.y",
    "C:\\a.com",
    "192.0.2.1",
    "://",
    "x://y.com",
    "http://",
    "www.",
    "www.x",
    ".com",
    "-.-",
    "a@b",
    "@a.com",
  ]) {
    assert.deepEqual(find(text), { urls: [], emails: [] }, text);
  }
  assert.deepEqual(urls("main.py/x"), ["http://main.py/x"]);
});

test("a URL in angle brackets may go on in the next line", () => {
  assert.deepEqual(urls("<URL:http://a.example/b\n  c/d\r\ne>"), ["http://a.example/bc/de"]);
  assert.deepEqual(urls("<http://a.example/b\nc>"), ["http://a.example/bc"]);
  assert.deepEqual(urls("<http://a.example/b\nno more> x"), ["http://a.example/b"]);
  assert.deepEqual(urls("http://a.example/b\nc>"), ["http://a.example/b"]);
});

test("addresses", () => {
  assert.deepEqual(emails("mail john.doe+tag@mail.example.org, or <x_y@example.com>. mailto:a@b.example?c"), [
    "john.doe+tag@mail.example.org",
    "x_y@example.com",
    "a@b.example",
  ]);
  assert.deepEqual(emails("'a.b@example.org' foo@example.com谢谢"), ["a.b@example.org", "foo@example.com"]);
  assert.deepEqual(emails("a@@b.com a.@b.com @b.com a@1.2.3.4 a@b"), []);
  assert.deepEqual(emails(`${"a".repeat(65)}@example.org`), []);
});

test("hostile texts of a megabyte come to an end", () => {
  for (const [piece, most] of [
    ["<", 0],
    ["a.", 0],
    ["@", 0],
    ["&", 0],
    ["http://", 1],
    ["http://[", 1],
    ["http://a@", 1],
    ["<http://a.b/\n", 100_000],
    ["a@", 0],
    ["a@a.", 0],
    ["[.]", 0],
    ["a[.]", 0],
    ["www.", 0],
    ["%41.", 0],
    ["\u3002a", 0],
    ["a.b!", 0],
    ["://", 0],
    ["[:]//", 0],
  ] as const) {
    assert.ok(urls(piece.repeat(1_000_000 / piece.length)).length <= most, piece);
  }
});

test("there is an end to the search for names without a scheme, and URLs with one are found behind it", () => {
  const found: string[] = [];
  const work: Work = { left: 100 };
  const text = `${"ü.de a.b ".repeat(100)} example.org c@example.net http://example.com/`;
  findUrls(text, true, { url: (written) => void found.push(written), email: (user) => void found.push(user) }, work);
  assert.ok(work.left <= 0);
  assert.ok(found.length < 100);
  assert.equal(found.at(-1), "http://example.com/");
});
