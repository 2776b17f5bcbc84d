// From policy and alignment to the result, and to what is done about it (RFC 7489, 6.6.2 to 6.6.4).

import type { ReportRow } from "../../../shared/dmarc/result-job.ts";
import type { ArcFinding } from "../arc/finding.ts";
import type { Alignment } from "./align.ts";
import type { Discovered } from "./discover.ts";
import type { Policy } from "./record.ts";

export interface Judgement {
  readonly result: "pass" | "fail" | "temperror";
  /** What is left of the policy for this message. */
  readonly disposition: Policy;
  readonly reason: string;
  /** For the options of the symbol, behind domain and policy. */
  readonly notes: readonly string[];
  /** Why the disposition is not what the policy says. */
  readonly override?: NonNullable<ReportRow["reason"]>;
}

export interface Sampling {
  /** Of the message, in hex: the same message always falls on the same side. */
  readonly digest: string;
  /** This domain's policy is applied to all of its mail. */
  readonly exempt: boolean;
}

export function judge(
  { record, policy }: Pick<Discovered, "record" | "policy">,
  alignment: Alignment,
  arc: ArcFinding | undefined,
  { digest, exempt }: Sampling,
): Judgement {
  const passed = { result: "pass", disposition: "none" } as const;
  if (alignment.spf || alignment.dkim) return { ...passed, reason: "", notes: [] };
  // RFC 8617, 7.2.2: a sealer that we trust saw it pass, before the message was changed on its way.
  if (arc?.trusted !== undefined && arc.dmarc === "pass") {
    const { instance, domain, selector } = arc.trusted;
    const comment = `arc=pass as[${instance}].d=${domain} as[${instance}].s=${selector}`;
    return {
      ...passed,
      reason: `arc=${domain}`,
      notes: [`arc=${domain}`],
      override: { type: "local_policy", comment },
    };
  }
  if (alignment.undecided) {
    return { result: "temperror", disposition: "none", reason: "SPF/DKIM temp error", notes: [] };
  }
  const failed = { result: "fail", reason: alignment.reasons.join(", ") } as const;
  if (policy === "none") return { ...failed, disposition: "none", notes: [] };
  if (record.testing) {
    const override = { type: "local_policy", comment: "t=y" } as const;
    return { ...failed, disposition: milder(policy), notes: ["testing"], override };
  }
  if (isSampled(digest, record.percent)) return { ...failed, disposition: policy, notes: [] };
  if (exempt) return { ...failed, disposition: policy, notes: ["local_policy"] };
  const override = { type: "sampled_out", comment: "" } as const;
  return { ...failed, disposition: milder(policy), notes: ["sampled_out"], override };
}

/** RFC 7489, 6.6.4: who is not among the percent is treated by the policy one below. */
function milder(policy: Policy): Policy {
  return policy === "reject" ? "quarantine" : "none";
}

/** Whether a message is among so many percent. */
function isSampled(digest: string, percent: number): boolean {
  return percent >= 100 || Number.parseInt(digest.slice(0, 8), 16) % 100 < percent;
}
