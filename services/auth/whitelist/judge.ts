// What one rule says of a message.

import { organisationOf } from "../../../shared/dmarc/organisation.ts";
import type { KeyMap } from "../../../shared/map/live-map.ts";
import type { DkimFinding } from "../dkim/finding.ts";
import type { DmarcFinding } from "../dmarc/finding.ts";
import type { SpfFinding } from "../spf/finding.ts";
import type { Rule } from "./config.ts";

export interface Evidence {
  /** "" when there is none. */
  readonly author: string;
  readonly spf: SpfFinding | undefined;
  readonly dkim: DkimFinding | undefined;
  readonly dmarc: DmarcFinding | undefined;
}

export interface Mark {
  readonly symbol: string;
  readonly factor: number;
  readonly domains: readonly string[];
}

/** Largest factor that a map may give a domain. */
export const largestFactor = 10;
/** Signatures that are looked at. */
const mostSignatures = 20;

interface Listed {
  readonly domain: string;
  readonly kind: "wl" | "bl" | "both";
  readonly factor: number;
}

/** What one mechanism says: that it holds for these domains, that it does not for those, or nothing (undefined). */
interface Claim {
  readonly holds: readonly string[];
  readonly fails: readonly string[];
}

/** A rule is about mail of which every mechanism that it names is about a domain of its map. */
export function judge(name: string, rule: Rule, map: KeyMap, evidence: Evidence): Mark | undefined {
  const claims: (Claim | undefined)[] = [];
  if (rule.spf) claims.push(spfClaim(evidence));
  if (rule.dkim) claims.push(dkimClaim(evidence));
  if (rule.dmarc) claims.push(dmarcClaim(evidence));
  const found: Listed[] = [];
  let violated = false;
  for (const claim of claims) {
    if (claim === undefined) return undefined;
    const good = firstListed(claim.holds, map, rule);
    const listed = good ?? firstListed(claim.fails, map, rule);
    if (listed === undefined) return undefined;
    violated ||= good === undefined;
    found.push(listed);
  }
  const [first] = found;
  if (first === undefined) return undefined;
  const symbol = violated ? inverseOf(name, rule, first.kind) : first.kind === "bl" ? undefined : name;
  if (symbol === undefined) return undefined;
  const domains = [...new Set(found.map(({ domain }) => domain))];
  return { symbol, factor: Math.min(...found.map(({ factor }) => factor)), domains };
}

function inverseOf(name: string, rule: Rule, kind: Listed["kind"]): string | undefined {
  if (kind === "wl" && !rule.strict) return undefined;
  return rule.inverse ?? (rule.blacklist ? name : undefined);
}

// What the DNS kept to itself is no reason to blame a domain, nor to trust it: no claim at all.

function spfClaim({ spf }: Evidence): Claim | undefined {
  if (spf === undefined || spf.result === "temperror") return undefined;
  return spf.result === "pass" ? { holds: [spf.domain], fails: [] } : { holds: [], fails: [spf.domain] };
}

function dkimClaim({ dkim, author }: Evidence): Claim | undefined {
  if (dkim === undefined) return undefined;
  const signatures = dkim.signatures.slice(0, mostSignatures);
  const holds = signatures.filter(({ result }) => result === "pass").map(({ domain }) => domain);
  const open = signatures.some(({ result }) => result === "temperror");
  return { holds, fails: open ? [] : [author] };
}

function dmarcClaim({ dmarc, author }: Evidence): Claim | undefined {
  if (dmarc === undefined || dmarc.result === "temperror") return undefined;
  return dmarc.result === "pass" ? { holds: [author], fails: [] } : { holds: [], fails: [author] };
}

/** The first domain that is in the map, by its own name or that of its organisation. */
function firstListed(domains: readonly string[], map: KeyMap, rule: Rule): Listed | undefined {
  for (const domain of domains) {
    if (domain === "") continue;
    const value = map.get(domain);
    if (value !== undefined) return { domain, ...readValue(value, rule) };
    const organisation = organisationOf(domain);
    const inherited = map.get(organisation);
    if (inherited !== undefined) return { domain: organisation, ...readValue(inherited, rule) };
  }
  return undefined;
}

/** "", a factor, or "bl:", "wl:", "both:" and a factor. */
export function readValue(value: string, { blacklist }: Pick<Rule, "blacklist">): Pick<Listed, "kind" | "factor"> {
  const [, kind, number = ""] = /^(?:(bl|wl|both):)?\s*(.*)$/.exec(value) ?? [];
  const factor = number === "" ? 1 : Number(number);
  return {
    kind: kind === "bl" || kind === "wl" || kind === "both" ? kind : blacklist ? "bl" : "wl",
    factor: Number.isFinite(factor) ? Math.min(Math.max(factor, 0), largestFactor) : 1,
  };
}
