// Whose word about a message we may take. A chain that holds says who handled a message, not that they are honest: any
// of them may have changed it, and sealed what it liked (RFC 8617, 9.1 and 9.2).

import type { SignedMessage } from "../dkim/message.ts";
import { type Chain, holdsMessage, type Lookup } from "./chain.ts";
import { notedDmarc } from "./results.ts";
import type { ArcSet } from "./sets.ts";

export interface Word {
  readonly set: ArcSet;
  /** DMARC's result as the sealer noted it for this author; "" when it noted none. */
  readonly dmarc: string;
}

/**
 * The newest trusted sealer whose word still holds: all behind it are trusted too, or the message is as it has seen it.
 * One that saw DMARC pass goes before newer ones that did not: they took the message from it.
 * @param author domain of the one From address, lower case
 */
export async function trustedWord(
  message: SignedMessage,
  { result, sets }: Chain,
  author: string,
  isTrusted: (domain: string) => boolean,
  lookup: Lookup,
): Promise<Word | undefined> {
  if (result !== "pass") return undefined;
  let newest: Word | undefined;
  let unbroken = true;
  for (const set of [...sets].reverse()) {
    if (!isTrusted(set.sealSignature.claim.domain)) {
      unbroken = false;
      continue;
    }
    if (!unbroken && !(await holdsMessage(message, set, lookup))) continue;
    const noted = notedDmarc(set.results.raw);
    // A result about another author is none about this one.
    const dmarc = noted.author === "" || noted.author === author ? noted.result : "";
    if (dmarc === "pass") return { set, dmarc };
    newest ??= { set, dmarc };
  }
  return newest;
}
