// Whether an Authenticated Received Chain holds (RFC 8617, 5.2).

import type { Dns } from "../../../shared/dns/dns.ts";
import { all, type Soon } from "../../../shared/dns/steps.ts";
import { headerForm } from "../dkim/header-form.ts";
import { type KeyTexts, queryKeys } from "../dkim/key-record.ts";
import type { SignedMessage } from "../dkim/message.ts";
import type { Clock, Seal } from "../dkim/signature.ts";
import { type Outcome, verifyClaim, verifySignature } from "../dkim/verify.ts";
import { type ArcSet, collectSets } from "./sets.ts";

export interface Chain {
  readonly result: "none" | "pass" | "fail" | "temperror";
  /** Why it does not pass; "". */
  readonly reason: string;
  /** Of a failure: the fields make no chain, whatever the signatures in them. */
  readonly invalid: boolean;
  /** From 1 up; empty when they make no chain. */
  readonly sets: readonly ArcSet[];
}

export interface Lookup {
  readonly dns: Dns;
  readonly clock: Clock;
  /** Public keys that are kept. */
  readonly cacheSize: number;
}

/** Seals whose keys are asked for at once, from the newest on: few chains have more, and hostile ones end here. */
const atOnce = 6;

export async function validateChain(message: SignedMessage, lookup: Lookup): Promise<Chain> {
  const sets = collectSets(message.fields, lookup.clock);
  if (sets === null) return { result: "none", reason: "", invalid: false, sets: [] };
  if (typeof sets === "string") return { result: "fail", reason: sets, invalid: true, sets: [] };
  const stated = statusFlaw(sets);
  if (stated !== null) return { result: "fail", ...stated, sets };
  const keys = keyBook(lookup.dns);
  const newest = sets.at(-1) ?? sets[0];
  // The DNS is asked for the first seals together with the message signature.
  void askForSeals(sets.slice(-atOnce), keys);
  const outcome = await messageOutcome(message, newest, keys, lookup.cacheSize);
  const changed = flawOf(`message signature ${newest.instance}`, outcome);
  const broken = changed?.result === "fail" ? null : await sealFlaw(message, sets, keys, lookup.cacheSize);
  // A key that cannot be had now says nothing; a signature that does not hold says it all.
  const flaw = broken?.result === "fail" ? broken : (changed ?? broken);
  return flaw === null ? { result: "pass", reason: "", invalid: false, sets } : { ...flaw, invalid: false, sets };
}

/** Whether the message is still as the sealer of this set has seen it. */
export async function holdsMessage(message: SignedMessage, set: ArcSet, lookup: Lookup): Promise<boolean> {
  const { result } = await messageOutcome(message, set, keyBook(lookup.dns), lookup.cacheSize);
  // What is signed in part says nothing about the rest.
  return result === "pass" && !set.messageSignature.claim.partial;
}

/** What the seals state of the chain before them (RFC 8617, 5.2, steps 2 and 3), and that they can be read. */
function statusFlaw(sets: readonly ArcSet[]): { readonly reason: string; readonly invalid: boolean } | null {
  for (const { instance, sealSignature, messageSignature } of [...sets].reverse()) {
    if (sealSignature.signature === null)
      return { reason: `seal ${instance}: ${sealSignature.refused}`, invalid: true };
    const { cv } = sealSignature.signature;
    if (cv === "fail") return { reason: `seal ${instance} says that the chain fails`, invalid: false };
    if (cv !== (instance === 1 ? "none" : "pass")) return { reason: `seal ${instance} says cv=${cv}`, invalid: true };
    if (instance === sets.length && messageSignature.signature === null) {
      return { reason: `message signature ${instance}: ${messageSignature.refused}`, invalid: true };
    }
  }
  return null;
}

/** Keys by domain and selector: one sealer often has several sets. */
type KeyBook = (seal: Seal) => Soon<KeyTexts>;

function keyBook(dns: Dns): KeyBook {
  const asked = new Map<string, Soon<KeyTexts>>();
  return ({ domain, selector }) => {
    const name = `${selector} ${domain}`;
    const known = asked.get(name) ?? queryKeys(dns, domain, selector);
    asked.set(name, known);
    return known;
  };
}

function askForSeals(sets: readonly ArcSet[], keys: KeyBook): Soon<unknown> {
  return all(sets.map(({ sealSignature }) => sealSignature.signature && keys(sealSignature.signature)));
}

const unread: Outcome = { result: "permerror", reason: "cannot be read", bits: 0, testing: false };

async function messageOutcome(message: SignedMessage, set: ArcSet, keys: KeyBook, cacheSize: number): Promise<Outcome> {
  const { signature } = set.messageSignature;
  if (signature === null) return unread;
  return verifySignature(message, set.message, signature, await keys(signature), cacheSize);
}

interface Flaw {
  readonly result: "fail" | "temperror";
  readonly reason: string;
}

function flawOf(what: string, { result, reason }: Outcome): Flaw | null {
  if (result === "pass") return null;
  return { result: result === "temperror" ? "temperror" : "fail", reason: `${what}: ${reason}` };
}

/** What is wrong with the seals, from the newest to the first (RFC 8617, 5.2, step 6); null when all hold. */
async function sealFlaw(
  message: SignedMessage,
  sets: readonly ArcSet[],
  keys: KeyBook,
  cacheSize: number,
): Promise<Flaw | null> {
  let temporary: Flaw | null = null;
  const covered = coveredTexts(message, sets);
  for (let at = sets.length - 1; at >= 0; at--) {
    const set = sets[at];
    const signature = set?.sealSignature.signature;
    if (set === undefined || !signature) continue;
    if ((sets.length - 1 - at) % atOnce === 0) {
      await askForSeals(sets.slice(Math.max(0, at + 1 - atOnce), at + 1), keys);
    }
    const claimed = {
      seal: signature,
      identityDomain: signature.domain,
      body: () => "",
      signed() {
        const own = headerForm(set.seal, "relaxed", signature.unsigned);
        return Buffer.from((covered[at] ?? "") + own, "latin1");
      },
    };
    const flaw = flawOf(`seal ${set.instance}`, verifyClaim(claimed, await keys(signature), cacheSize));
    if (flaw?.result === "fail") return flaw;
    temporary ??= flaw;
  }
  return temporary;
}

/** For each set what its seal covers before its own field (RFC 8617, 5.1.1): always in relaxed form. */
function coveredTexts(message: SignedMessage, sets: readonly ArcSet[]): readonly string[] {
  let before = "";
  return sets.map(({ results, message: signature, seal }) => {
    const covered = before + message.fieldForm(results, "relaxed") + message.fieldForm(signature, "relaxed");
    before = covered + message.fieldForm(seal, "relaxed");
    return covered;
  });
}
