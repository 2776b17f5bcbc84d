import assert from "node:assert/strict";
import { test } from "node:test";
import { isConfusable, skeleton } from "./confusable.ts";

test("a label that mixes scripts, or that only looks Latin, is confusable", () => {
  const hosts = [
    "p\u0430ypal.com", // Cyrillic a
    "xn--pypal-4ve.com", // the same in punycode
    "g\u03bf\u03bfgle.com", // Greek omicron
    "micr\u0585soft.com", // Armenian oh
    "\u0430\u0440\u0440\u04cf\u0435.com", // Cyrillic throughout
    "www.\uff50\uff41\uff59.com", // full width
    "\u0261oogle.com", // Latin script g
    "P\u0410YPAL.com", // capitals
  ];
  for (const host of hosts) assert.ok(isConfusable(host), host);
});

test("names that a language writes are not", () => {
  const hosts = [
    "example.com",
    "münchen.de",
    "café-zürich.ch",
    "\u043f\u043e\u0447\u0442\u0430.\u0440\u0444", // a Russian word under a Russian suffix
    "\u0441\u043e\u0440.\u0440\u0444", // twins throughout, under a Russian suffix
    "\u043f\u043e\u0447\u0442\u0430.com", // letters that Latin has not
    "\u03b1\u03b8\u03ae\u03bd\u03b1.gr",
    "食狮.com",
    "日本語abc.jp",
    "",
    "xn--",
  ];
  for (const host of hosts) assert.equal(isConfusable(host), false, host);
});

test("hosts that look the same have one skeleton", () => {
  assert.equal(skeleton("P\u0430yp\u0430l.com"), "paypal.com");
  assert.equal(skeleton("xn--pypal-4ve.com"), "paypal.com");
  assert.equal(skeleton("\uff50\uff41y\u200bpal.com"), "paypal.com");
  assert.equal(skeleton("Example.com"), "example.com");
  assert.equal(skeleton("paypa1.com"), skeleton("paypal.com"));
  assert.equal(skeleton("g00g1e.com"), skeleton("google.com"));
  assert.equal(skeleton("exarnple.com"), skeleton("example.com"));
});
