// What SPF_CHECK leaves for DMARC, whitelists and the header Authentication-Results.

import type { Finding } from "../../../shared/check.ts";

/** RFC 7208, 2.6. */
export type SpfResult = "none" | "neutral" | "pass" | "fail" | "softfail" | "temperror" | "permerror";

export interface SpfFinding extends Finding {
  readonly result: SpfResult;
  /** Whose record was read: lower case, in ASCII. */
  readonly domain: string;
  /** HELO stands in for a null sender (RFC 7208, 2.4). */
  readonly identity: "mailfrom" | "helo";
  /** MAIL FROM as checked: "postmaster@" and the HELO name for a null sender. */
  readonly sender: string;
  /** The term that decided: "+ip4:192.0.2.0/24", "-all"; "" when none did. */
  readonly mechanism: string;
  /** Why, for the options and the header; "" when there is nothing to say. */
  readonly reason: string;
  /** The envelope sender before rewriting, when it is an SRS address (SRS0, SRS1). */
  readonly rewrittenFrom?: string;
}

declare module "../../../shared/check.ts" {
  interface Findings {
    SPF_CHECK: SpfFinding;
  }
}
