import assert from "node:assert/strict";
import { test } from "node:test";
import type { Finding, HitDetail } from "../../../shared/check.ts";
import { configOf } from "../../../shared/config/live.ts";
import { silent } from "../../../shared/log.ts";
import { analyse } from "../../../shared/message/analyse.ts";
import type { DmarcFinding } from "./finding.ts";
import { dmarcMunge } from "./munging.ts";

const passed: DmarcFinding = {
  result: "pass",
  domain: "example.org",
  policyDomain: "example.org",
  policy: "reject",
  spfAligned: true,
  dkimAligned: true,
  reason: "",
};

const message =
  "From: Jörg <joe@example.org>\r\nTo: Ann <ann@example.com>, List <talk@lists.example.net>\r\n\r\nHello\r\n";

function run(config: string, finding: DmarcFinding | undefined, text = message) {
  const hits: string[] = [];
  const values = configOf(dmarcMunge.config, `dmarc { munging { ${config} } }`).get(dmarcMunge.config);
  const hit = (symbol: string, detail?: HitDetail) => hits.push(`${symbol}[${detail?.options}]`);
  const ctx = { config: values, log: silent, hit, finding: () => finding };
  const facts = analyse(Buffer.from(text));
  const found = dmarcMunge.run({ id: "test", envelope: { rcpts: [] }, ...facts } as never, ctx as never);
  return { hits, changes: (found as Finding | undefined)?.changes };
}

const lists = 'list_map = ["talk@lists.example.net"]';

test("the list becomes the author", () => {
  const { hits, changes } = run(lists, passed);
  assert.deepEqual(hits, ["DMARC_MUNGED[joe@example.org]"]);
  assert.deepEqual(changes, {
    removeHeaders: [
      { name: "From", index: 0 },
      { name: "Reply-To", index: 0 },
    ],
    addHeaders: [
      { name: "From", value: "=?UTF-8?B?SsO2cmcgdmlhIHRhbGs=?= <talk@lists.example.net>", order: 1 },
      { name: "Reply-To", value: "<joe@example.org>", order: 1 },
      { name: "X-Original-From", value: "=?UTF-8?B?SsO2cmc=?= <joe@example.org>", order: 1 },
    ],
  });
});

test("replies go where the author wants, and to the list on request", () => {
  const text = `From: joe@example.org\r\nReply-To: desk@example.org, bad\r\n${message.slice(message.indexOf("To:"))}`;
  const replies = (config: string) => run(config, passed, text).changes?.addHeaders?.[1]?.value;
  assert.equal(replies(lists), "<desk@example.org>,\n <joe@example.org>");
  assert.equal(replies(`${lists}; reply_goes_to_list = yes`), "<desk@example.org>,\n <talk@lists.example.net>");
  assert.equal(run(lists, passed, text).changes?.addHeaders?.[0]?.value, '"joe via talk" <talk@lists.example.net>');
});

test("only what is meant", () => {
  const count = (config: string, finding: DmarcFinding | undefined, text?: string) =>
    run(config, finding, text).hits.length;
  assert.equal(count(lists, undefined), 0);
  assert.equal(count(lists, { ...passed, result: "fail" }), 0);
  assert.equal(count(lists, { ...passed, result: "none" }), 0);
  assert.equal(count(`${lists}; mitigate_allow_only = no`, { ...passed, result: "fail" }), 1);
  assert.equal(count(`${lists}; mitigate_allow_only = no`, { ...passed, result: "temperror" }), 0);
  assert.equal(count(lists, { ...passed, policy: "none" }), 1);
  assert.equal(count(`${lists}; mitigate_strict_only = yes`, { ...passed, policy: "none" }), 0);
  assert.equal(count('list_map = ["other@lists.example.net"]', passed), 0);
  assert.equal(count(lists, passed, "To: talk@lists.example.net\r\n\r\n"), 0);
});

test("nothing is done without lists", () => {
  const named = (text: string) => dmarcMunge.configured?.(configOf(dmarcMunge.config, text).get(dmarcMunge.config));
  assert.equal(named(""), null);
  assert.deepEqual(named(`dmarc { munging { ${lists} } }`), {});
  assert.equal(named(`dmarc { enabled = no; munging { ${lists} } }`), null);
});
