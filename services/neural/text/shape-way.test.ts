import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "../../../shared/message/analyse.ts";
import type { Envelope } from "../../../shared/task.ts";
import { named, newMarks } from "./shape.ts";
import { markWay } from "./shape-way.ts";

function marksOf(client: Omit<Envelope, "rcpts">, head: readonly string[]): readonly string[] {
  const marks = newMarks();
  const { headers, received } = analyse(Buffer.from(`${head.join("\r\n")}\r\n\r\nHi\r\n`));
  markWay({ headers, received, envelope: { rcpts: [], ...client } }, marks);
  return [...marks.hash.subarray(0, marks.count)].map((hash) => named.get(hash)?.name ?? "?").sort();
}

const server = { ip: "192.0.2.7", hostname: "mail.example.com", helo: "mail.example.com" };
const line = { ip: "192.0.2.7", hostname: "adsl-7-2-0-192.dip.example.net", helo: "[192.0.2.7]" };
const outlook = "X-Mailer: Microsoft Outlook Express 6.00.2900.2869";

test("a server with a sound name says nothing", () => {
  assert.deepEqual(marksOf(server, ["From: a@example.com"]), []);
  assert.deepEqual(marksOf({ ...line, user: "a" }, ["From: a@gmail.com", outlook]), [], "nor who has logged in");
});

test("a line that speaks for itself", () => {
  assert.deepEqual(marksOf(line, ["From: a@example.net", outlook]), [
    "HELO is an address",
    "client's name is that of a line from 3",
    "client's name is that of a line from 4",
    "mail program at home, no server in between",
  ]);
  assert.deepEqual(marksOf({ ip: "192.0.2.7", hostname: "", helo: "friend" }, ["From: a@example.net"]), [
    "HELO is no full name",
    "client without a name",
  ]);
});

test("free mailboxes and their servers", () => {
  assert.deepEqual(marksOf(server, ["From: a@gmail.com"]), ["free mailbox, by a server of others"]);
  const google = { ip: "192.0.2.8", hostname: "mail-wm1-f41.google.com", helo: "mail-wm1-f41.google.com" };
  assert.deepEqual(marksOf(google, ["From: a@gmail.com"]), []);
  assert.deepEqual(marksOf({ ...server, hostname: "" }, ["From: a@gmail.com"]), [
    "client without a name",
    "free mailbox, by a server of others",
    "free mailbox, by one without a sound name",
  ]);
  assert.deepEqual(marksOf(server, ["From: a@gmail.com", "List-Id: <l.example.com>"]), [], "a list writes for others");
  const forwarded =
    "Received: from mail-wm1-f41.google.com (mail-wm1-f41.google.com [192.0.2.8]) by mx.example.com; Mon, 2 Nov 2026 10:00:00 +0000";
  assert.deepEqual(marksOf(server, [forwarded, "From: a@gmail.com"]), ["servers before the client's"]);
  assert.deepEqual(marksOf({ ...server, hostname: "mail.example.net" }, [forwarded, "From: a@gmail.com"]), [
    "free mailbox, by a server of others",
    "servers before the client's",
  ]);
  assert.deepEqual(marksOf({ ...server, helo: "mx.yahoo.com" }, ["From: a@example.com"]), [
    "HELO of a free mailbox, and the name another's",
  ]);
});

test("servers before the client's", () => {
  const hop = "Received: from desk ([10.0.0.2]) by mail.example.com; Mon, 2 Nov 2026 10:00:00 +0000";
  assert.deepEqual(marksOf(server, [hop, "From: a@example.com", outlook]), ["servers before the client's"]);
});
