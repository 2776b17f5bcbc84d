// A verdict for tests of the HTTP gateway, which takes it from a coordinator and only prints it.

import { blankVerdict } from "../../shared/verdict.testing.ts";
import type { Verdict } from "../../shared/verdict.ts";

export function verdictOf(changed: Partial<Verdict> = {}): Verdict {
  return blankVerdict({
    id: "t1",
    action: "add header",
    score: 7.3,
    thresholds: { reject: 15, "add header": 6, greylist: 4 },
    symbols: [
      { name: "MISSING_DATE", score: 1, weight: 1, group: "headers", about: "no Date header", options: [] },
      { name: "R_SPF_FAIL", score: 6.3, weight: 6.3, group: "spf", about: "", options: ["-all", "example.org"] },
    ],
    groups: { headers: 1, spf: 6.3 },
    messageId: "m1@example.org",
    timings: [{ actor: "auth", checks: ["SITE_SPF_CHECK"], waits: [0.5], works: [2.25] }],
    elapsed: 12.3,
    size: 100,
    ...changed,
  });
}
