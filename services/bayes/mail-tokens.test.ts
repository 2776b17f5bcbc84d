import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "../../shared/message/analyse.ts";
import type { Envelope } from "../../shared/task.ts";
import { mailTokens } from "./mail-tokens.ts";
import type { Owners } from "./owner.ts";
import { TokenSet } from "./token-set.ts";

const nobody: Envelope = { rcpts: [] };

function namesOf(lines: readonly string[], envelope = nobody, owners: Owners = "none"): Set<string> {
  const set = new TokenSet({ named: true });
  mailTokens({ envelope, ...analyse(Buffer.from(lines.join("\r\n"))) }, owners, set);
  return new Set(set.names);
}

const mail = [
  "From: Alice <alice@mail.example.org>",
  "To: bob@example.net",
  "Subject: Cheap pills",
  "Message-ID: <12ab.34@host.example.org>",
  "Date: Mon, 12 Jan 2026 10:00:00 +0000",
  "X-Mailer: BulkCannon 3",
  "",
  "Order now: http://shop.example.com/x",
];

test("tokens are words, pairs, and marks of headers, links and parts", () => {
  const names = namesOf(mail);
  for (const name of [
    "order",
    "order now",
    "subject: cheap",
    "subject: cheap pills",
    "from: alice@mail.example.org",
    "from at: example.org",
    "from name: alice",
    "x-mailer: bulkcannon",
    "message id like: 9a.9",
    "message id at: host.example.org",
    "link: shop.example.com",
    "link: example.com",
    "part: text/plain",
    "header: X-Mailer",
    "headers: date x-mailer",
  ]) {
    assert.ok(names.has(name), `${name} is missing among ${[...names].join(", ")}`);
  }
});

test("neither the date nor the recipient is a token", () => {
  const moved = mail.map((line) => line.replace("bob@example.net", "carol@example.com").replace("12 Jan", "20 Feb"));
  assert.deepEqual(namesOf(moved), namesOf(mail));
});

test("a mail that was delivered and stored has the tokens that it had when it was scanned", () => {
  const ip = "192.0.2.7";
  const scanned = namesOf(mail, { rcpts: [], ip, hostname: "mx.bulk.example", helo: "mx.bulk.example" });
  const delivered = [
    "Return-Path: <bounce@example.org>",
    "Delivered-To: bob@example.net",
    "X-Spam: Yes",
    "X-Spamd-Result: default: True [20.00 / 15.00]",
    "Authentication-Results: mail.example.net; spf=pass",
    `Received: from mx.bulk.example (mx.bulk.example [${ip}]) by mail.example.net with ESMTP id 1; Mon, 12 Jan 2026 10:00:01 +0000`,
    "Received: from filter.example.net (localhost [127.0.0.1]) by mail.example.net with LMTP id 2; Mon, 12 Jan 2026 10:00:01 +0000",
    ...mail,
    "",
  ];
  assert.deepEqual(namesOf(delivered), scanned);
});

test("an owner's tokens depend on the owner", () => {
  const own = (envelope: Envelope, owners: Owners) => {
    const set = new TokenSet();
    mailTokens({ envelope, ...analyse(Buffer.from(mail.join("\r\n"))) }, owners, set);
    return new Set(set.tokens.slice(0, set.size));
  };
  const all = own(nobody, "none");
  const bob = own({ rcpts: ["bob@example.net"] }, "user");
  const carol = own({ rcpts: ["x@y"], deliverTo: "Carol@example.net" }, "user");
  assert.ok(all.isSubsetOf(bob) && all.isSubsetOf(carol));
  assert.ok(bob.size > 1.9 * all.size);
  assert.ok(bob.intersection(carol).size < 1.1 * all.size);
  assert.deepEqual(own({ rcpts: ["a@example.net"] }, "domain"), own({ rcpts: ["b@example.net"] }, "domain"));
  assert.deepEqual(own({ rcpts: ["a@example.net", "b@example.net"] }, "user"), all);
});

test("a long harmless part does not hide the others", () => {
  const filler = Array.from({ length: 5000 }, (_, i) => `word${i}`).join(" ");
  const names = namesOf([
    "Content-Type: multipart/alternative; boundary=b",
    "",
    "--b",
    "",
    filler,
    "--b",
    "Content-Type: text/html",
    "",
    "<p>Order pills now</p>",
    "--b--",
  ]);
  assert.ok(names.has("order pills"));
});
