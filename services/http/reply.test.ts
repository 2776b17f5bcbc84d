import assert from "node:assert/strict";
import { test } from "node:test";
import { verdictOf } from "../../test/http/verdict.ts";
import { replyLegacy } from "./reply-legacy.ts";
import { replyRspamc, replySpamc } from "./reply-spamd.ts";
import { replyV2 } from "./reply-v2.ts";

const plain = { groups: false, profile: false, extendedUrls: false };
const url = {
  url: "http://www.example.org/a",
  raw: "http://www.example.org/a",
  scheme: "http",
  user: "",
  host: "www.example.org",
  port: 80,
  domain: "example.org",
  path: "/a",
  query: "",
  fragment: "",
  origin: "text",
  part: 1,
  count: 1,
  flags: ["obfuscated"],
  text: "",
} as const;

const full = verdictOf({
  decidedBy: "greylist",
  action: "quarantine",
  subject: "é",
  message: "Try again later",
  urls: [url, url],
  emails: ["u@example.org"],
  changes: {
    addHeaders: [
      { name: "X-A", value: "1", order: 0 },
      { name: "X-B", value: "2", order: -1 },
      { name: "X-A", value: "3", order: 1 },
    ],
    removeHeaders: [
      { name: "X-C", index: 0 },
      { name: "X-D", index: 1 },
      { name: "X-D", index: 2 },
    ],
    dkimSignatures: ["v=1; c=relaxed/simple; b=abc"],
    changeFrom: "f@example.org",
    addRcpts: ["r@example.org"],
    deleteRcpts: ["s@example.org"],
    spamHeader: "Yes",
  },
  failed: [{ check: "RBL_CHECK", actor: "dns", code: "late", message: "internal detail" }],
});

test("the keys of /checkv2 stand in the order of Rspamd", () => {
  assert.equal(
    replyV2(full, { groups: true, profile: true, extendedUrls: false }),
    [
      '{"passthrough_module":"greylist","is_skipped":false,"score":7.3,"required_score":15,"action":"quarantine"',
      ',"subject":"=?UTF-8?B?w6k=?=","reject":"quarantine","thresholds":{"reject":15,"add header":6,"greylist":4}',
      ',"symbols":{"MISSING_DATE":{"name":"MISSING_DATE","score":1,"metric_score":1,"description":"no Date header"}',
      ',"R_SPF_FAIL":{"name":"R_SPF_FAIL","score":6.3,"metric_score":6.3,"options":["-all","example.org"]}}',
      ',"groups":{"headers":{"score":1},"spf":{"score":6.3}},"messages":{"smtp_message":"Try again later"}',
      ',"urls":["www.example.org"],"emails":["u@example.org"],"profile":{"SITE_SPF_CHECK":2250},"profile_wait":{"SITE_SPF_CHECK":500},"message-id":"m1@example.org"',
      ',"time_real":0.0123,"dkim-signature":"v=1; c=relaxed/simple; b=abc"',
      ',"milter":{"add_headers":{"X-A":[{"value":"1","order":0},{"value":"3","order":1}],"X-B":{"value":"2","order":-1}}',
      ',"remove_headers":{"X-C":0,"X-D":[1,2]},"change_from":"f@example.org","add_rcpt":["r@example.org"]',
      ',"del_rcpt":["s@example.org"],"spam_header":"Yes"}',
      ',"failed_checks":[{"check":"RBL_CHECK","actor":"dns","code":"late"}]}',
    ].join(""),
  );
});

test("what is not there is left out", () => {
  const { urls, emails, ...rest } = JSON.parse(replyV2(verdictOf({ messageId: "", symbols: [] }), plain));
  assert.deepEqual([urls, emails], [undefined, undefined]);
  assert.deepEqual(rest, {
    is_skipped: false,
    score: 7.3,
    required_score: 15,
    action: "add header",
    thresholds: { reject: 15, "add header": 6, greylist: 4 },
    symbols: {},
    messages: {},
    "message-id": "undef",
    time_real: 0.0123,
  });
});

test("extended urls", () => {
  const reply = JSON.parse(replyV2(verdictOf({ urls: [url] }), { ...plain, extendedUrls: true }));
  const expected = { url: url.url, tld: "example.org", host: "www.example.org", flags: ["obfuscated"] };
  assert.deepEqual(reply.urls, [expected]);
});

test("whatever a mail contains, the reply is JSON", () => {
  const nasty = 'a"\\\u0000\ud800\u2028</script>\r\n';
  const symbols = [{ name: "__proto__", score: Number.NaN, weight: 1e21, group: "g", about: nasty, options: [nasty] }];
  const thresholds = { reject: Number.NaN, "add header": Number.POSITIVE_INFINITY, greylist: 4 };
  const verdict = verdictOf({ symbols, thresholds, messageId: nasty, message: nasty, score: -0.1 - 0.2 });
  for (const text of [replyV2(verdict, plain), replyLegacy(verdict, plain)]) {
    const reply = JSON.parse(text);
    const top = reply.default ?? reply;
    assert.deepEqual(top.thresholds, { greylist: 4 });
    assert.equal(top.score, -0.3);
    assert.equal(reply["message-id"], nasty.toWellFormed());
  }
});

test("the old reply has its data under default, and its own name for the milter block", () => {
  const reply = JSON.parse(replyLegacy(full, plain));
  assert.deepEqual(Object.keys(reply).slice(0, 2), ["default", "messages"]);
  assert.equal(reply.default.is_spam, true);
  assert.equal(reply.default.R_SPF_FAIL.metric_score, undefined);
  assert.ok(reply.rmilter);
  assert.equal(reply.groups, undefined);
  const grouped = JSON.parse(replyLegacy(full, { ...plain, groups: true }));
  assert.deepEqual(grouped.groups, JSON.parse(replyV2(full, { ...plain, groups: true })).groups);
  assert.equal(JSON.parse(replyLegacy(verdictOf({ action: "greylist" }), plain)).default.is_spam, false);
});

test("lines of the oldest replies cannot be forged", () => {
  const verdict = verdictOf({ messageId: "a\r\nSymbol: FORGED(1)", message: "x\ny" });
  for (const text of [replyRspamc(verdict), replySpamc(verdict)]) assert.doesNotMatch(text, /^(Symbol: FORGED|y)/m);
});

test("a subject of any length stands in one line", () => {
  const subject = "ü€😀".repeat(40);
  const words: string[] = JSON.parse(replyV2(verdictOf({ subject }), plain)).subject.split(" ");
  assert.ok(words.length > 1 && words.every((word) => word.length <= 75));
  const decoded = words.map((word) => Buffer.from(word.slice(10, -2), "base64").toString("utf8"));
  assert.equal(decoded.join(""), subject);
  const ascii = "word ".repeat(40).trim();
  assert.equal(JSON.parse(replyV2(verdictOf({ subject: ascii }), plain)).subject, ascii);
});
