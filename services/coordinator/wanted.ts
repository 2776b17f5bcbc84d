// Which checks of a question a message gives something to look at: a check may say that without a certain fact, say
// attachments, there is nothing to do.

import type { Check } from "../../shared/check.ts";
import type { FactName, Facts } from "../../shared/task.ts";

/**
 * Names of the checks to ask for. The same names are always the same list, by which an actor in this process knows the
 * question again.
 */
export type Wanted = (facts: Partial<Facts>) => readonly string[];

export function wantedOf(checks: readonly Check[]): Wanted {
  const all = checks.map(({ name }) => name);
  const wants: readonly FactName[] = [...new Set(checks.flatMap(({ wants }) => wants ?? []))];
  if (wants.length === 0) return () => all;
  const lists = new Map<number, readonly string[]>();
  return (facts) => {
    let missing = 0;
    for (const [bit, fact] of wants.entries()) if (isEmpty(facts[fact])) missing |= 1 << bit;
    if (missing === 0) return all;
    let list = lists.get(missing);
    if (list === undefined) {
      const isWanted = ({ wants: fact }: Check) => fact === undefined || !(missing & (1 << wants.indexOf(fact)));
      list = checks.filter(isWanted).map(({ name }) => name);
      lists.set(missing, list);
    }
    return list;
  };
}

function isEmpty(fact: unknown): boolean {
  return Array.isArray(fact) && fact.length === 0;
}
