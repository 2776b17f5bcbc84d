// What the actor `auth` costs: the same mails, each with one RSA signature, an SPF chain and a DMARC record that hold,
// through two processes of which only one looks at them.

import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { openMessage } from "../../services/auth/dkim/message.ts";
import { signMessage } from "../../services/auth/dkim/sign.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { type Sluice, startSluice } from "../servers/sluice.ts";
import { corpusMails, type Measured, measure } from "./load.ts";
import { cpuSeconds } from "./processes.ts";

export interface AuthCost {
  /** ms of CPU a message, with the actor and without it. */
  readonly whole: number;
  readonly without: number;
}

const off = ["spf", "dkim", "arc", "dmarc"].map((section) => `${section} { enabled = false; }`).join("\n");
const envelope = { ip: "192.0.2.25", hostname: "mx.example.org", helo: "mx.example.org", from: "alice@example.org" };

/** Names that are looked up stay in the cache: what is measured is the work, not the waiting. */
export async function authCost(mails: number, rounds: number, parallel: number): Promise<AuthCost> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const sample = corpusMails(mails).map((mail) => signed(mail, privateKey));
  const zone = zoneFor(publicKey);
  const sites = [await startSluice({ zone }), await startSluice({ zone, config: off })];
  const cpu: number[][] = [[], []];
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const [index, site] of sites.entries()) {
        const before = cpuSeconds([site.pid()]);
        const { failed } = await ask(site, sample, parallel);
        if (failed > 0) throw new Error(`${failed} mails got no verdict`);
        if (round > 0) cpu[index]?.push(((cpuSeconds([site.pid()]) - before) * 1000) / sample.length);
      }
    }
  } finally {
    for (const site of sites) await site.close();
  }
  const [whole = 0, without = 0] = cpu.map((all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0);
  return { whole, without };
}

function ask(site: Sluice, sample: readonly Buffer[], parallel: number): Promise<Measured> {
  return measure(site.scan, sample, parallel, envelope);
}

function signed(mail: Buffer, key: KeyObject): Buffer {
  const names = ["From", "To", "Subject", "Date"].map((name) => ({ name }));
  const author = Buffer.from("From: Alice <alice@example.org>\r\n");
  const message = Buffer.concat([author, withoutFrom(mail)]);
  const options = { domain: "example.org", selector: "s", key, headerForm: "relaxed", bodyForm: "relaxed" } as const;
  const value = signMessage(openMessage(analyse(message)), { ...options, names });
  return Buffer.concat([Buffer.from(`DKIM-Signature: ${value}\r\n`), message]);
}

/** The author is ours, so that DMARC has a record to find. */
function withoutFrom(mail: Buffer): Buffer {
  const text = mail.toString("latin1");
  const end = text.search(/\r?\n\r?\n/);
  const head = text.slice(0, end).replace(/^From:.*(?:\r?\n[ \t].*)*\r?\n/gim, "");
  return Buffer.from((head + text.slice(end)).replace(/\r?\n/g, "\r\n"), "latin1");
}

function zoneFor(publicKey: KeyObject): readonly string[] {
  const key = publicKey.export({ type: "spki", format: "der" }).toString("base64");
  return [
    `s._domainkey.example.org TXT v=DKIM1; k=rsa; p=${key}`,
    "_dmarc.example.org TXT v=DMARC1; p=reject",
    "example.org TXT v=spf1 mx include:_spf.example.net -all",
    "example.org MX 10 in.example.org",
    "in.example.org A 198.51.100.1",
    "_spf.example.net TXT v=spf1 ip4:198.51.100.0/24 ip4:192.0.2.0/24 -all",
  ];
}
