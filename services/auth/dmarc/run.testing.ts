// Runs DMARC_CHECK on a message, with what SPF, DKIM and ARC found made by hand.

import type { Findings, HitDetail } from "../../../shared/check.ts";
import { configOf } from "../../../shared/config/live.ts";
import { type ZoneDns, zoneDns } from "../../../shared/dns/zone.testing.ts";
import { silent } from "../../../shared/log.ts";
import { analyse } from "../../../shared/message/analyse.ts";
import type { Envelope } from "../../../shared/task.ts";
import type { ArcFinding } from "../arc/finding.ts";
import type { DkimFinding, DkimResult, DkimSignature } from "../dkim/finding.ts";
import type { SpfFinding, SpfResult } from "../spf/finding.ts";
import { dmarc } from "./check.ts";
import type { DmarcFinding } from "./finding.ts";

export function spf(result: SpfResult, domain: string): SpfFinding {
  return { result, domain, identity: "mailfrom", sender: `bounce@${domain}`, mechanism: "", reason: "" };
}

export function signature(result: DkimResult, domain: string): DkimSignature {
  return {
    result,
    domain,
    selector: "s1",
    identity: `@${domain}`,
    algorithm: "rsa-sha256",
    bits: 2048,
    testing: false,
    partial: false,
    b: "abcdefgh",
    reason: "",
  };
}

export function dkim(...signatures: readonly DkimSignature[]): DkimFinding {
  return { signatures };
}

export function arc(dmarc: string, trusted: boolean): ArcFinding {
  const sealer = { instance: 2, domain: "list.example.net", selector: "a1" };
  return { result: "pass", reason: "", sealers: [sealer], dmarc, ...(trusted ? { trusted: sealer } : {}) };
}

type Values = ReturnType<ReturnType<typeof configOf>["get"]>;
const configured = new Map<string, Values>();

function valuesOf(text: string): Values {
  const values = configured.get(text) ?? configOf(dmarc.config, text).get(dmarc.config);
  configured.set(text, values);
  return values;
}

export interface Given {
  /** Headers of the message, or the domain of its author. */
  readonly message?: string;
  readonly author?: string;
  readonly zone?: readonly string[];
  readonly config?: string;
  readonly envelope?: Envelope;
  /** null: the check was off or failed. */
  readonly spf?: SpfFinding | null;
  readonly dkim?: DkimFinding | null;
  readonly arc?: ArcFinding;
}

export interface Ran {
  readonly finding: DmarcFinding | undefined;
  /** "SYMBOL[option,option]" */
  readonly hits: readonly string[];
  readonly details: readonly (HitDetail | undefined)[];
  readonly asked: ZoneDns["asked"];
}

export async function runDmarc(given: Given): Promise<Ran> {
  const message = given.message ?? `From: joe@${given.author ?? "example.org"}\r\n\r\nHello\r\n`;
  const facts = analyse(Buffer.from(message));
  const dns = zoneDns(given.zone ?? []);
  const hits: string[] = [];
  const details: (HitDetail | undefined)[] = [];
  const findings: Partial<Findings> = {
    ...(given.spf === null ? {} : { SPF_CHECK: given.spf ?? spf("none", "") }),
    ...(given.dkim === null ? {} : { DKIM_CHECK: given.dkim ?? dkim() }),
    ...(given.arc === undefined ? {} : { ARC_CHECK: given.arc }),
  };
  const hit = (symbol: string, detail?: HitDetail) => {
    hits.push(`${symbol}[${detail?.options ?? ""}]`);
    details.push(detail);
  };
  const ctx = {
    config: valuesOf(given.config ?? ""),
    signal: new AbortController().signal,
    now: 1_768_478_400_000,
    log: silent,
    dns,
    hit,
    hitConfigured: hit,
    finding: (name: keyof Findings) => findings[name],
  };
  const envelope = given.envelope ?? { ip: "192.0.2.1", from: "bounce@example.org", rcpts: ["ann@example.net"] };
  const finding = await dmarc.run({ id: "test", envelope, ...facts } as never, ctx as never);
  return { finding: finding as DmarcFinding | undefined, hits, details, asked: dns.asked };
}
