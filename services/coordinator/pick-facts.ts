// The facts that a question carries.

import type { FactName, Facts } from "../../shared/task.ts";

/** Those of `names` that are there. */
export function pickFacts(facts: Partial<Facts>, names: readonly FactName[]): Partial<Facts> {
  return pick(facts, names);
}

export function pick(from: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of names) if (from[name] !== undefined) picked[name] = from[name];
  return picked;
}
