// What DKIM_CHECK leaves for DMARC, ARC, whitelists and the header Authentication-Results.

import type { Finding } from "../../../shared/check.ts";

/** RFC 8601, 2.7.1, without "none": that is a message with no signatures. */
export type DkimResult = "pass" | "fail" | "policy" | "neutral" | "temperror" | "permerror";

export interface DkimSignature {
  readonly result: DkimResult;
  /** d=, lower case, in ASCII; "" when the signature could not be read. */
  readonly domain: string;
  /** s= */
  readonly selector: string;
  /** i=, or "@" and d=. */
  readonly identity: string;
  /** a=, lower case. */
  readonly algorithm: string;
  /** Bits of the key; 0 when it was not read. */
  readonly bits: number;
  /** The key is published for testing (t=y). */
  readonly testing: boolean;
  /** The body is signed in part (l=). */
  readonly partial: boolean;
  /** First characters of b=, to tell signatures of one domain apart (RFC 6008). */
  readonly b: string;
  /** Why it did not pass; "". */
  readonly reason: string;
}

export interface DkimFinding extends Finding {
  /** In the order of the headers, the topmost first. */
  readonly signatures: readonly DkimSignature[];
}

declare module "../../../shared/check.ts" {
  interface Findings {
    DKIM_CHECK: DkimFinding;
  }
}
