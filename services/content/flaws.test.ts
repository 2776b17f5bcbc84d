// A case cannot reach every limit: what only a mail of 64 MB shows is shown here.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Context } from "../../shared/check.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { defaultLimits, type Limits } from "../../shared/message/limits.ts";
import type { FlawKind } from "../../shared/task.ts";
import { flaws } from "./flaws.ts";

/** Symbols, with their options, of a mail that is analysed under these limits. */
function raise(mail: string, limits: Partial<Limits>): readonly string[] {
  const facts = analyse(Buffer.from(mail.replaceAll("\n", "\r\n")), { ...defaultLimits, ...limits });
  const raised: string[] = [];
  const hit: Context<string, never, unknown>["hit"] = (symbol, detail) => {
    raised.push(`${symbol} ${detail?.options?.join(",")}`);
  };
  const standing = { score: 0, required: 15, action: "no action", symbols: [] };
  const outgoing = { authentication: "" };
  const task = { id: "1", envelope: { rcpts: [] }, ...facts, standing, outgoing };
  flaws.run(task, { hit } as Context<string, never, unknown>);
  return raised;
}

const plain = "From: a@example.org\nTo: b@example.net, c@example.net\nSubject: =?utf-8?q?a?= =?utf-8?q?b?=\n\n";
const links = "http://example.org/1 http://example.org/2 and d@example.net, e@example.net\n";

const reached: readonly [FlawKind, Partial<Limits>, string][] = [
  ["limit-size", { messageBytes: 120 }, "LIMIT_CONTENT limit-size"],
  ["limit-text", { textBytes: 10 }, "LIMIT_CONTENT limit-text"],
  ["limit-urls", { urls: 1 }, "LIMIT_CONTENT limit-urls"],
  ["limit-emails", { emails: 1 }, "LIMIT_CONTENT limit-emails"],
  ["limit-headers", { headers: 2 }, "LIMIT_HEADERS limit-headers"],
  ["limit-header-size", { headerBytes: 20 }, "LIMIT_HEADERS limit-header-size:subject"],
  ["limit-words", { words: 1 }, "LIMIT_HEADERS limit-words"],
  ["limit-addresses", { addresses: 1 }, "LIMIT_HEADERS limit-addresses"],
];

for (const [kind, limits, expected] of reached) {
  test(`${kind} is raised`, () => {
    const raised = raise(plain + links, limits);
    assert.ok(raised.includes(expected), `${expected} is missing among ${raised.join("; ")}`);
  });
}

test("a mail within its limits raises nothing", () => {
  assert.deepEqual(raise(plain + links, {}), []);
});

test("more parts than the limit are raised", () => {
  const parts = "--b\n\nx\n".repeat(4);
  const mail = `Content-Type: multipart/mixed; boundary=b\n\n${parts}--b--\n`;
  assert.deepEqual(raise(mail, { parts: 3 }), ["LIMIT_PARTS limit-parts"]);
});

test("the text of a line that is no header stays out of the options", () => {
  assert.deepEqual(raise(`Subject: a\nsecret words here\nTo: b@example.net\n\nHello.\n`, {}), [
    "BROKEN_HEADERS bad-header",
  ]);
});
