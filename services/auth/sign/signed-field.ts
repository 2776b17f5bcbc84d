// Header fields to sign, as Rspamd's operators write them: "(o)from:(x)sender:list-id".

import type { Ucl } from "../../../shared/config/ucl.ts";
import type { SignedName } from "../dkim/sign.ts";

export interface SignedField {
  /** Lower case. */
  readonly name: string;
  /** Signed once more than it is there, so that none can be added (RFC 6376, 8.15): always, or only when there is one. */
  readonly over: "always" | "there" | "never";
}

/** Names of one list. Each costs a look at the headers. */
const mostFields = 100;

/** What changes on the way: RFC 6376, 5.4.1; RFC 8617, 4.1.2. */
const unfit = /^(?:authentication-results|arc-.*|return-path)$/;

export function parseFields(value: Ucl): readonly SignedField[] | Error {
  const text = Array.isArray(value) ? value.join(":") : value;
  if (typeof text !== "string") return new Error("must be a text: names with colons between them");
  const fields: SignedField[] = [];
  for (const word of text.split(":").map((one) => one.trim().toLowerCase())) {
    if (word === "") continue;
    const [, mark, name = ""] = /^(?:\(([ox])\))?([!-9;-~]+)$/.exec(word) ?? [];
    if (name === "") return new Error(`has "${word.slice(0, 80)}", which is no header field`);
    if (unfit.test(name)) return new Error(`has ${name}, which every server on the way may change`);
    if (fields.some((field) => field.name === name)) continue;
    fields.push({ name, over: mark === "o" ? "always" : mark === "x" ? "there" : "never" });
  }
  if (fields.length > mostFields) return new Error(`has more than ${mostFields} names`);
  // RFC 6376, 5.4
  return fields.some(({ name }) => name === "from") ? fields : new Error("does not have From, which must be signed");
}

export function writeFields(fields: readonly SignedField[]): string {
  const marks = { always: "(o)", there: "(x)", never: "" };
  return fields.map(({ name, over }) => `${marks[over]}${name}`).join(":");
}

/** For lists that stand in the code. */
export function defaultFields(text: string): readonly SignedField[] {
  const fields = parseFields(text);
  if (fields instanceof Error) throw fields;
  return fields;
}

/** What is to be signed of a message with these fields. */
export function signedNamesOf(
  wanted: readonly SignedField[],
  fields: readonly { readonly key: string }[],
): readonly SignedName[] {
  const there = new Set(fields.map(({ key }) => key));
  return wanted.map(({ name, over }) => ({
    name,
    over: over === "always" || (over === "there" && there.has(name)) ? 1 : 0,
  }));
}
