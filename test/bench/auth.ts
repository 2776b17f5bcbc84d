// What the actor `auth` costs: mails with one RSA signature, an SPF chain and a DMARC record that hold. By itself, and what
// a site spends on having it: the same mails through two processes of which only one looks at them.

import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { loadServices } from "../../bin/services.ts";
import { openMessage } from "../../services/auth/dkim/message.ts";
import { signMessage } from "../../services/auth/dkim/sign.ts";
import { openLocalBus } from "../../shared/bus/local.ts";
import { configOf } from "../../shared/config/live.ts";
import { startZoneServer } from "../../shared/dns/zone-server.testing.ts";
import { silent } from "../../shared/log.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { actorSubject } from "../../shared/question.ts";
import { openResolver } from "../../shared/resolver.ts";
import { startInProcess } from "../in-process.ts";
import { startSluice } from "../servers/sluice.ts";
import { corpusMails, measure } from "./load.ts";
import { middle } from "./middle.ts";
import { cpuSeconds } from "./processes.ts";

export interface AuthCost {
  /** ms of CPU a message: the actor by itself, its share of garbage collection included. */
  readonly actor: number;
  /** Of a site with the actor and without it: what its symbols, findings and headers cost the others is in the difference. */
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
  const actor = await actorAlone(sample, zone, rounds, parallel);
  const sites = [await startSluice({ zone }), await startSluice({ zone, config: off })];
  const cpu: number[][] = [[], []];
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const [index, site] of sites.entries()) {
        const before = cpuSeconds([site.pid()]);
        const { failed } = await measure(site.scan, sample, parallel, envelope);
        if (failed > 0) throw new Error(`${failed} mails got no verdict`);
        if (round > 0) cpu[index]?.push(((cpuSeconds([site.pid()]) - before) * 1000) / sample.length);
      }
    }
  } finally {
    for (const site of sites) await site.close();
  }
  const [whole = 0, without = 0] = cpu.map(middle);
  return { actor, whole, without };
}

/** What a site asks of it by default (`sluice plan`). */
const checks = ["SPF_CHECK", "DKIM_CHECK", "ARC_CHECK", "DMARC_CHECK", "RDNS_CHECK"];

/** The actor on a bus of this process; all threads of the process are counted. */
async function actorAlone(sample: readonly Buffer[], zone: readonly string[], rounds: number, parallel: number) {
  const { actors, roles, sections } = await loadServices();
  const auth = actors.find(({ name }) => name === "auth");
  if (auth === undefined) throw new Error("there is no actor auth");
  const facts = sample.map((raw) => analyse(raw));
  const dns = await startZoneServer({ zone });
  const config = configOf(sections, `options { dns { nameserver = ["${dns.address}"]; } }`);
  const resolver = openResolver({ config, log: silent });
  const services = { actors: [auth], roles };
  const system = await startInProcess({ services, config, bus: openLocalBus(), resolver });
  let passed = 0;
  const ask = async (from: number) => {
    for (let at = from; at < facts.length; at += parallel) {
      const question = { id: `a${at}`, envelope: { ...envelope, rcpts: [] }, now: Date.now(), checks, findings: {} };
      const asked = { ...question, facts: facts[at] ?? {} };
      const answer = await system.bus.ask(actorSubject("auth"), asked, { deadline: Date.now() + 10_000 });
      if (answer.checks.some(({ hits }) => hits.some(({ symbol }) => symbol === "DMARC_POLICY_ALLOW"))) passed += 1;
    }
  };
  const cpu: number[] = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      const before = process.cpuUsage();
      await Promise.all(Array.from({ length: parallel }, (_, from) => ask(from)));
      const { user, system } = process.cpuUsage(before);
      if (round > 0) cpu.push((user + system) / 1000 / facts.length);
    }
    // Some mails of the corpus are too broken to have one author.
    if (passed < 0.98 * facts.length * (rounds + 1)) throw new Error(`only ${passed} answers were a DMARC pass`);
  } finally {
    await system.close();
    resolver.close();
    await dns.close();
  }
  return middle(cpu);
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
