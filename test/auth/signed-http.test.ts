// Signatures in replies over HTTP, where the client puts them into the message.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Sluice, startSluice } from "../servers/sluice.ts";
import { domain, ed25519Key, pemOf, records, rsaKey } from "./keys.ts";
import { judged } from "./ours.ts";
import { askPeer } from "./peer.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-keys-"));
let filter: Sluice;

before(async () => {
  for (const key of [rsaKey, ed25519Key]) writeFileSync(join(folder, `${key.selector}.key`), pemOf(key));
  filter = await startSluice({
    config: `dkim_signing {
      path = "${folder}/$selector.key"; canonicalization = "simple/simple";
      selector_map = [["${domain}", "${rsaKey.selector}"], ["two.example", "${rsaKey.selector} ${ed25519Key.selector}"]];
      try_fallback = false;
    }`,
  });
});

after(async () => {
  await filter?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function signaturesOf(message: string, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const reply = await fetch(`${filter.scan}/checkv2`, {
    method: "POST",
    body: Buffer.from(message, "latin1"),
    headers,
  });
  const said: unknown = await reply.json();
  return typeof said === "object" && said !== null && "dkim-signature" in said ? said["dkim-signature"] : undefined;
}

const mail = (from: string) =>
  `From: ${from}\r\nTo: b@example.net\r\nSubject:  Hello\r\n there\r\nDate: Thu, 15 Jan 2026 12:00:00 +0000\r\n\r\ncaf\xe9 \r\n\r\n`;

test("one signature is a text, several are a list, and each holds", async () => {
  const message = mail(`a@${domain}`);
  const one = await signaturesOf(message, { User: `a@${domain}`, From: `a@${domain}`, IP: "198.51.100.1" });
  assert.ok(typeof one === "string" && one.includes("\r\n\t"));
  assert.doesNotMatch(one, /(?<!\r)\n/);
  const raw = Buffer.from(`DKIM-Signature: ${one}\r\n${message}`, "latin1");
  assert.deepEqual(await judged(raw), ["pass"]);
  const peer = { command: "/usr/bin/python3", script: "dkimpy.py", debian: "python3-dkim python3-nacl" };
  assert.deepEqual(await askPeer(peer, records, [{ do: "verify", raw: raw.toString("base64") }]), ["pass"]);
  const several = await signaturesOf(mail("a@two.example"), { User: "a@two.example", From: "a@two.example" });
  assert.ok(Array.isArray(several));
  assert.deepEqual(
    several.map((value) => /a=([a-z0-9-]+);/.exec(String(value))?.[1]),
    ["rsa-sha256", "ed25519-sha256"],
  );
});

test("a stranger's mail, another login, and a domain without a key are not signed", async () => {
  const message = mail(`a@${domain}`);
  assert.equal(await signaturesOf(message, { From: `a@${domain}`, IP: "198.51.100.1" }), undefined);
  assert.equal(await signaturesOf(message, { User: "a@example.com", From: `a@${domain}` }), undefined);
  assert.equal(await signaturesOf(message, { User: "a", From: `a@${domain}` }), undefined);
  assert.equal(await signaturesOf(mail("a@other.example"), { User: "a@other.example" }), undefined);
});
