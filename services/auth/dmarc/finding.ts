// What DMARC_CHECK leaves for whitelists, phishing and the header Authentication-Results.

import type { Finding } from "../../../shared/check.ts";

export interface DmarcFinding extends Finding {
  readonly result: "none" | "pass" | "fail" | "temperror" | "permerror";
  /** Author domain: of the one From address, lower case, in ASCII. "" when there is none. */
  readonly domain: string;
  /** Whose record it is: the author domain, or its organisational domain. "" without a record. */
  readonly policyDomain: string;
  readonly policy: "none" | "quarantine" | "reject" | "";
  readonly spfAligned: boolean;
  readonly dkimAligned: boolean;
  readonly reason: string;
}

declare module "../../../shared/check.ts" {
  interface Findings {
    DMARC_CHECK: DmarcFinding;
  }
}
