// The last stage, `sign`: when all is decided, the checks that sign a message see it as it goes out.

import { hostname } from "node:os";
import type { Header, Outgoing } from "../../shared/task.ts";
import type { Progress } from "./ask.ts";
import type { Settled } from "./conclude.ts";
import { resultsField } from "./headers/authentication-results.ts";
import { outgoingFields } from "./outgoing.ts";
import type { Plan } from "./plan.ts";
import type { Terms } from "./terms.ts";

/** Actions with which a message does not go out: nobody is to hold a signature of ours for it. */
const stays: ReadonlySet<string> = new Set(["reject", "soft reject", "discard"]);

export function goesOut({ decision }: Settled): boolean {
  return !stays.has(decision.action);
}

const ownName = hostname();

/** The fact `outgoing`. */
export function outgoingOf(
  { policy }: Terms,
  { envelope, facts }: Pick<Progress, "envelope" | "facts">,
  { changes, subject, authentication }: Settled,
): Outgoing {
  const edits = subject === undefined ? { changes } : { changes, subject };
  const fields: readonly Header[] | undefined = outgoingFields(facts.headers.fields, edits);
  const options = policy.milterHeaders.routines["authentication-results"];
  return {
    ...(fields === undefined ? {} : { fields }),
    ...(changes.body === undefined ? {} : { body: changes.body }),
    authentication: resultsField(options, { envelope, hostname: ownName, authentication }).value,
  };
}

/** Their symbols have no weight: what has been decided, and signed, stays. */
export function weighNothing(plan: Plan, { weightless }: Pick<Progress, "weightless">): void {
  for (const { checks } of plan.stages.sign) {
    for (const { symbols } of checks) for (const symbol of Object.keys(symbols)) weightless.add(symbol);
  }
}

/** What the checks of this stage have found. */
export function signingFindings(
  plan: Plan,
  findings: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const { checks } of plan.stages.sign) {
    for (const { name } of checks) if (findings[name] !== undefined) found[name] = findings[name];
  }
  return found;
}
