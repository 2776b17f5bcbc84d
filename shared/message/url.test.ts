import assert from "node:assert/strict";
import { test } from "node:test";
import type { Text } from "../task.ts";
import { analyseHtml } from "./html.ts";
import { extractUrls, longestUrl, urlsOfReferences, urlsOfText } from "./url.ts";

const limits = { urls: 100, emails: 100 };

function plain(text: string, part = 1): Text {
  return { part, html: false, text, charset: "utf-8", lines: 1 };
}

function page(source: string, part = 2) {
  const { html, text } = analyseHtml(source, part, { htmlTags: 10_000, htmlAttributes: 20, htmlDepth: 50 });
  return { htmls: [html], texts: [{ ...plain(text, part), html: true }] };
}

function fromText(text: string) {
  return extractUrls({ texts: [plain(text)], htmls: [], subject: null, limits });
}

function fromHtml(source: string) {
  return extractUrls({ ...page(source), subject: null, limits });
}

test("a URL carries all its parts", () => {
  assert.deepEqual(fromText("at http://WWW.Example.co.uk/a?b#c.").urls, [
    {
      url: "http://www.example.co.uk/a?b#c",
      raw: "http://WWW.Example.co.uk/a?b#c",
      scheme: "http",
      user: "",
      host: "www.example.co.uk",
      port: 80,
      domain: "example.co.uk",
      path: "/a",
      query: "b",
      fragment: "c",
      origin: "text",
      part: 1,
      count: 1,
      flags: [],
      text: "",
    },
  ]);
});

test("each URL is listed once and counted", () => {
  const { urls } = fromText("http://example.com/ http://EXAMPLE.com example.com http://example.com/x");
  assert.deepEqual(
    urls.map((url) => [url.url, url.count, url.flags]),
    [
      ["http://example.com/", 3, []],
      ["http://example.com/x", 1, []],
    ],
  );
});

test("flags say what is odd", () => {
  const flags = (text: string) => fromText(text).urls[0]?.flags;
  assert.deepEqual(flags("www.example.com"), ["schemeless"]);
  assert.deepEqual(flags("http://3221225985/"), ["obfuscated", "numeric"]);
  assert.deepEqual(flags("http://me@example.com/"), ["user"]);
  assert.deepEqual(flags("http://p\u0430ypal.com/"), ["punycode", "confusable"]);
  assert.deepEqual(flags(`http://example.com/${"x".repeat(5_000)}`), ["truncated"]);
});

test("long URLs are cut", () => {
  const [url] = fromText(`http://example.com/${"x".repeat(5_000)}`).urls;
  assert.equal(url?.url.length, longestUrl);
  assert.equal(url?.raw.length, longestUrl);
  assert.equal(url?.host, "example.com");
});

test("links bring their text, images a flag unless they are links too", () => {
  const { urls } = fromHtml(
    '<a href="http://evil.example/">http://bank.example/</a> <a href="http://evil.example/">again</a>' +
      '<img src="http://pixel.example/1"><img src="http://both.example/"><a href="http://both.example/">b</a><img src="cid:x">' +
      "and http://text.example/ in text",
  );
  assert.deepEqual(
    urls.map(({ url, text, flags, origin, count }) => [url, text, flags, origin, count]),
    [
      ["http://text.example/", "", [], "html", 1],
      ["http://evil.example/", "http://bank.example/", [], "html", 2],
      ["http://both.example/", "b", [], "html", 2],
      ["http://pixel.example/1", "", ["image"], "html", 1],
    ],
  );
});

test("what browsers mend in a reference is found", () => {
  for (const href of [
    "http:\\\\example.com\\x",
    " ht&#9;tp://exam\nple.com/x ",
    "//example.com/x",
    "www.example.com/x",
    "http:/example.com/x",
    "HTTP://example.com/x",
    "http://example&#46;com/x",
  ]) {
    assert.match(fromHtml(`<a href="${href}">y</a>`).urls[0]?.url ?? "", /^http:\/\/(www\.)?example\.com\/x$/, href);
  }
  for (const href of ["#x", "x.html", "/x", "javascript:x", "data:text/html,http://a.com/", "tel:1", ""]) {
    assert.deepEqual(fromHtml(`<a href="${href}">y</a>`).urls, [], href);
  }
});

test("forms and refresh lead somewhere too", () => {
  const { urls } = fromHtml(
    '<meta http-equiv=refresh content="0;url=http://r.example/"><form action="http://f.example/">',
  );
  assert.deepEqual(
    urls.map((url) => url.host),
    ["f.example", "r.example"],
  );
});

test("the subject and header fields have their origin", () => {
  const { urls, emails } = extractUrls({
    texts: [],
    htmls: [],
    subject: "http://cheap.com, Example.NET and u@example.com",
    headers: [{ name: "List-Unsubscribe", value: "<mailto:l@example.org>, <https://example.org/u>, mail.example.net" }],
    limits,
  });
  assert.deepEqual(
    urls.map((url) => [url.url, url.origin, url.part]),
    [
      ["http://cheap.com/", "subject", 0],
      ["https://example.org/u", "header", 0],
    ],
  );
  assert.deepEqual(
    emails.map((email) => email.address),
    ["u@example.com"],
  );
});

test("subject and headers repeat what the text says: it is marked for the subject, and not counted", () => {
  const { urls } = extractUrls({
    texts: [plain("http://example.com/a http://example.com/a http://example.com/b")],
    htmls: [],
    subject: "HTTP://example.com/a",
    headers: [{ name: "List-Unsubscribe", value: "<http://example.com/b>" }],
    limits,
  });
  assert.deepEqual(
    urls.map(({ url, origin, count, flags }) => [url, origin, count, flags]),
    [
      ["http://example.com/a", "text", 2, ["subject"]],
      ["http://example.com/b", "text", 1, []],
    ],
  );
});

test("addresses come from text and from mailto links, each once", () => {
  const { texts, htmls } = page('<a href="MAILTO:U%2Bx@Example.COM,b@example.org?subject=x">mail</a> U+x@example.com');
  const { emails } = extractUrls({ texts: [plain("c@mail.example.co.uk"), ...texts], htmls, subject: null, limits });
  assert.deepEqual(emails[0], {
    address: "c@mail.example.co.uk",
    user: "c",
    host: "mail.example.co.uk",
    domain: "example.co.uk",
    origin: "text",
    part: 1,
  });
  assert.deepEqual(
    emails.map((email) => email.address),
    ["c@mail.example.co.uk", "U+x@example.com", "b@example.org"],
  );
});

test("limits are noted and end nothing else", () => {
  const text = Array.from({ length: 20 }, (_, i) => `http://h${i}.example/ u${i}@example.org`).join(" ");
  const found = extractUrls({ texts: [plain(text)], htmls: [], subject: null, limits: { urls: 5, emails: 7 } });
  assert.deepEqual([found.urls.length, found.emails.length, found.flaws], [5, 7, ["limit-urls", "limit-emails"]]);
  assert.deepEqual(fromText(text).flaws, []);
});

test("URLs that come from elsewhere than the message", () => {
  const limits = { urls: 2, emails: 0 };
  const shown = (urls: readonly { url: string; origin: string; part: number; count: number }[]) =>
    urls.map(({ url, origin, part, count }) => [url, origin, part, count]);
  assert.deepEqual(shown(urlsOfText("MECARD:N:Bob;URL:http://a.example.org/x;; www.example.net", "qr", 3, limits)), [
    ["http://a.example.org/x", "qr", 3, 1],
    ["http://www.example.net/", "qr", 3, 1],
  ]);
  const references = [
    "HTTP://A.example/",
    "www.example.org",
    "http://a.example/",
    "#top",
    "a.pdf",
    "http://c.example/",
  ];
  assert.deepEqual(shown(urlsOfReferences(references, "pdf", 1, limits)), [
    ["http://a.example/", "pdf", 1, 2],
    ["http://www.example.org/", "pdf", 1, 1],
  ]);
});
