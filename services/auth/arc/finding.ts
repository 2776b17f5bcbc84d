// What ARC_CHECK leaves for DMARC and the header Authentication-Results.

import type { Finding } from "../../../shared/check.ts";

export interface ArcSealer {
  readonly instance: number;
  readonly domain: string;
  readonly selector: string;
}

export interface ArcFinding extends Finding {
  /** Chain validation status (RFC 8617, 4.4), "temperror" when a key could not be fetched. */
  readonly result: "none" | "pass" | "fail" | "temperror";
  readonly reason: string;
  /** Newest first. */
  readonly sealers: readonly ArcSealer[];
  /** The newest sealer that the site trusts, when the chain passes. */
  readonly trusted?: ArcSealer;
  /** DMARC's result as the trusted sealer noted it in its ARC-Authentication-Results; "" when it noted none. */
  readonly dmarc: string;
}

declare module "../../../shared/check.ts" {
  interface Findings {
    ARC_CHECK: ArcFinding;
  }
}
