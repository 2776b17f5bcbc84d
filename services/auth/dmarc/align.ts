// Identifier alignment: whether what SPF and DKIM vouch for is of the author (RFC 7489, 3.1).

import { type Soon, type Steps, wait } from "../../../shared/dns/steps.ts";
import type { DkimFinding } from "../dkim/finding.ts";
import type { SpfFinding } from "../spf/finding.ts";
import type { Discovered } from "./discover.ts";

export interface Alignment {
  /** Whether something aligned passed. */
  readonly spf: boolean;
  readonly dkim: boolean;
  /** Something aligned might have passed, had the DNS answered (RFC 7489, 6.6.2). */
  readonly undecided: boolean;
  /** Why neither did: of SPF, of DKIM. */
  readonly reasons: readonly string[];
}

/** Signatures that are looked at. */
const mostSignatures = 20;

export function* align(
  author: string,
  discovered: Discovered,
  spf: SpfFinding | undefined,
  dkim: DkimFinding | undefined,
): Steps<Alignment> {
  const { record } = discovered;
  const isAligned = (domain: string, strict: boolean): Soon<boolean | undefined> =>
    domain === author || strict ? domain === author : discovered.isOfOrganisation(domain);
  let undecided = false;

  let spfAligned = false;
  // RFC 7489, 3.1.2: for a null sender the HELO name stands in, as SPF has it.
  if (spf !== undefined && spf.domain !== "" && (spf.result === "pass" || spf.result === "temperror")) {
    const aligned = yield* wait(isAligned(spf.domain, record.strictSpf));
    spfAligned = aligned === true && spf.result === "pass";
    undecided ||= aligned === undefined || (aligned && spf.result === "temperror");
  }

  let dkimAligned = false;
  let signed = false;
  const seen = new Set<string>();
  for (const { result, domain } of dkim?.signatures.slice(0, mostSignatures) ?? []) {
    if ((result !== "pass" && result !== "temperror") || domain === "") continue;
    signed ||= result === "pass";
    if (dkimAligned || seen.has(`${result} ${domain}`)) continue;
    seen.add(`${result} ${domain}`);
    const aligned = yield* wait(isAligned(domain, record.strictDkim));
    dkimAligned = aligned === true && result === "pass";
    undecided ||= aligned === undefined || (aligned && result === "temperror");
  }

  const reasons = [
    ...(spfAligned ? [] : [reasonOf("SPF", spf?.result === "pass", record.strictSpf)]),
    ...(dkimAligned ? [] : [reasonOf("DKIM", signed, record.strictDkim)]),
  ];
  return { spf: spfAligned, dkim: dkimAligned, undecided, reasons };
}

function reasonOf(mechanism: string, valid: boolean, strict: boolean): string {
  return valid ? `${mechanism} not aligned (${strict ? "strict" : "relaxed"})` : `No valid ${mechanism}`;
}
