import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "../../../shared/message/analyse.ts";
import { responsibleAddress } from "./responsible.ts";

function responsible(...lines: readonly string[]): string | null {
  const { headers } = analyse(Buffer.from(`${lines.join("\r\n")}\r\n\r\ntext\r\n`));
  const found = responsibleAddress(headers);
  return found === null ? null : `${found.header} ${found.mailbox.address}`;
}

const from = "From: a@from.example";
const sender = "Sender: s@sender.example";
const resentFrom = "Resent-From: f@resent.example";
const resentSender = "Resent-Sender: r@resent.example";
const received = "Received: from a by b; Thu, 15 Jan 2026 11:59:00 +0000";

for (const [why, lines, expected] of [
  ["From alone", [from], "from a@from.example"],
  ["Sender before From", [from, sender], "sender s@sender.example"],
  ["an empty Sender is none", [from, "Sender:"], "from a@from.example"],
  ["Resent-From before Sender", [sender, from, resentFrom], "resent-from f@resent.example"],
  ["Resent-Sender before Resent-From", [resentFrom, resentSender, sender, from], "resent-sender r@resent.example"],
  ["Resent-Sender above Resent-From", [resentSender, received, resentFrom, from], "resent-sender r@resent.example"],
  [
    "a Resent-Sender of an earlier resending",
    [resentFrom, received, resentSender, from],
    "resent-from f@resent.example",
  ],
  ["the same, with Return-Path", [resentFrom, "Return-Path: <>", resentSender, from], "resent-from f@resent.example"],
  ["two Senders", [sender, sender, from], null],
  ["two Froms", [from, from], null],
  ["two authors", ["From: a@from.example, b@from.example"], null],
  ["two authors and a Sender", ["From: a@from.example, b@from.example", sender], "sender s@sender.example"],
  ["a name with a comma in it", ['From: "A, b@evil.example" <a@from.example>'], "from a@from.example"],
  [
    "an encoded name with an address in it",
    ["From: =?utf-8?q?=3Cb=40evil.example=3E=2C?= <a@from.example>"],
    "from a@from.example",
  ],
  ["no address", ["From: nobody"], null],
  ["an address literal", ["From: a@[192.0.2.1]"], null],
  ["a malformed Resent-From does not fall back", ["Resent-From: x", from], null],
  ["nothing", ["Subject: x"], null],
] as const) {
  test(why, () => {
    assert.equal(responsible(...lines), expected);
  });
}
