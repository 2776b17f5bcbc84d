import assert from "node:assert/strict";
import { test } from "node:test";
import type { Envelope } from "../task.ts";
import { analyse } from "./analyse.ts";
import { borderOf, withClient } from "./border.ts";

const delivered = [
  "Received: from localhost (localhost [127.0.0.1]) by mx.example.org (Postfix) with ESMTP id 1; Mon, 2 Nov 2026 10:00:02 +0000",
  "Received: from friend (pool-7.dsl.example.net [192.0.2.7]) by mx.example.org (Postfix) with SMTP id 2; Mon, 2 Nov 2026 10:00:01 +0000",
  "Received: from forged.example.com (forged.example.com [198.51.100.1]) by x; Mon, 2 Nov 2026 10:00:00 +0000",
];
const receivedOf = (fields: readonly string[]) => analyse(Buffer.from(`${fields.join("\r\n")}\r\n\r\nHi\r\n`)).received;
const nobody: Envelope = { rcpts: [] };

test("the first client that is of no private network handed the mail over", () => {
  const border = { ip: "192.0.2.7", rdns: "pool-7.dsl.example.net", helo: "friend", authenticated: false, before: 1 };
  assert.deepEqual(borderOf(nobody, receivedOf(delivered)), border);
  assert.deepEqual(borderOf(undefined, receivedOf(delivered)), border);
  assert.deepEqual(borderOf({ ...nobody, ip: "127.0.0.1" }, receivedOf(delivered)), border);
  assert.equal(borderOf(nobody, receivedOf(delivered.slice(0, 1))), null);
  assert.equal(borderOf(nobody, []), null);
});

test("the envelope knows better", () => {
  const envelope: Envelope = { rcpts: [], ip: "203.0.113.5", hostname: "Mail.Example.COM", helo: "mail.example.com" };
  const border = { ip: "203.0.113.5", rdns: "mail.example.com", helo: "mail.example.com", authenticated: false };
  assert.deepEqual(borderOf(envelope, receivedOf(delivered)), { ...border, before: 3 });
  assert.equal(borderOf({ ...envelope, user: "me" }, [])?.authenticated, true);
  // What was submitted from within the house has no border.
  assert.equal(borderOf({ rcpts: [], ip: "10.0.0.4", user: "me" }, receivedOf(delivered)), null);
});

test("a client of whom only the address is known has the names that the server noted", () => {
  const only: Envelope = { rcpts: [], ip: "192.0.2.7" };
  assert.deepEqual(withClient(only, receivedOf(delivered)), {
    ...only,
    hostname: "pool-7.dsl.example.net",
    helo: "friend",
  });
  const other: Envelope = { rcpts: [], ip: "192.0.2.8" };
  assert.equal(withClient(other, receivedOf(delivered)), other);
  const named: Envelope = { ...only, helo: "mx" };
  assert.equal(withClient(named, receivedOf(delivered)), named);
  // Not every server notes a name: that there is none is no sign.
  const bare = receivedOf(["Received: from friend ([192.0.2.7]) by mx.example.org; Mon, 2 Nov 2026 10:00:01 +0000"]);
  assert.deepEqual(withClient(only, bare), { ...only, helo: "friend" });
});
