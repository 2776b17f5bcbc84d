// What a rule file exports, looked at before it is trusted: nothing but its author has checked it.

import { type Check, stages } from "../shared/check.ts";
import type { FactName } from "../shared/task.ts";

const facts: Readonly<Record<FactName, true>> = {
  headers: true,
  structure: true,
  text: true,
  html: true,
  urls: true,
  emails: true,
  received: true,
  attachments: true,
  raw: true,
  standing: true,
  outgoing: true,
};

const name = /^[A-Za-z0-9_][A-Za-z0-9_.:-]*$/;

/** The checks among the exports of a file, or what is wrong with them. */
export function checksOf(exports: Readonly<Record<string, unknown>>): readonly Check[] | Error {
  const found = new Set<Check>();
  for (const [exported, value] of Object.entries(exports)) {
    if (!isCheck(value)) continue;
    const wrong = wrongWith(value);
    if (wrong !== undefined) return new Error(`${exported}: ${wrong}`);
    found.add(value);
  }
  return found.size > 0 ? [...found] : new Error("exports no check: export what defineCheck makes");
}

/** Whether it has the shape that `defineCheck` gives; what stands in it is for `wrongWith`. */
function isCheck(value: unknown): value is Check {
  return (
    typeof value === "object" &&
    value !== null &&
    "run" in value &&
    typeof value.run === "function" &&
    "name" in value &&
    "symbols" in value &&
    typeof value.symbols === "object" &&
    value.symbols !== null &&
    "needs" in value &&
    Array.isArray(value.needs) &&
    "reads" in value &&
    Array.isArray(value.reads)
  );
}

function wrongWith(check: Check): string | undefined {
  if (typeof check.name !== "string" || !name.test(check.name))
    return `${JSON.stringify(check.name)} cannot be the name of a check`;
  if (!stages.includes(check.stage))
    return `there is no stage ${JSON.stringify(check.stage)}; there are ${stages.join(", ")}`;
  if (typeof check.about !== "string" || typeof check.group !== "string") return "about and group are texts";
  const unknown = check.reads.find((fact) => !Object.hasOwn(facts, fact));
  if (unknown !== undefined)
    return `there is no fact ${JSON.stringify(unknown)}; there are ${Object.keys(facts).join(", ")}`;
  for (const [symbol, spec] of Object.entries(check.symbols)) {
    if (!name.test(symbol)) return `${JSON.stringify(symbol)} cannot be the name of a symbol`;
    if (!Number.isFinite(spec.score) || typeof spec.about !== "string")
      return `${symbol} has a score and says what it is about`;
  }
  return undefined;
}
