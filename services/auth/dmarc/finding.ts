// What DMARC_CHECK leaves for whitelists, phishing and the header Authentication-Results.

import type { Finding } from "../../../shared/check.ts";
import type { DmarcResult } from "../../../shared/dmarc/result-job.ts";

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
  /** For the report to the domain's owner, where reports are on and the owner wants them: DMARC_REPORT_CHECK sends it. */
  readonly report?: DmarcResult;
}

declare module "../../../shared/check.ts" {
  interface Findings {
    DMARC_CHECK: DmarcFinding;
  }
}
