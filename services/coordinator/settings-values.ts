// Reading of the values in settings. What is wrong is told and left out: settings come with requests, too.

import type { Path } from "../../shared/config/schema.ts";
import { isUclObject, type Ucl, type UclObject } from "../../shared/config/ucl.ts";

/** Says what is wrong with a part of the value, and which known name was perhaps meant. */
export type Complain = (path: Path, message: string, nearest?: string) => void;

/** Complaints about what lies under a key. */
export function within(key: string | number, complain: Complain): Complain {
  return (path, message, name) => complain([key, ...path], message, name);
}

export function readObject(value: Ucl, complain: Complain): UclObject {
  if (isUclObject(value)) return value;
  const pieces = Array.isArray(value) && value.length > 1 && value.every((piece) => isUclObject(piece));
  complain([], pieces ? `is given ${value.length} times: write all of it into one section` : "must be a section");
  return {};
}

/** A list of texts; a single one is a list of one. */
export function readTexts(value: Ucl, complain: Complain): readonly string[] {
  const items: readonly Ucl[] = Array.isArray(value) ? value : [value as Ucl];
  return items.flatMap((item, index) => {
    if (typeof item === "string" && item !== "") return [item];
    if (typeof item === "number") return [String(item)];
    complain(Array.isArray(value) ? [index] : [], "must be a text");
    return [];
  });
}

export function readYes(value: Ucl, complain: Complain): boolean {
  if (typeof value === "boolean") return value;
  complain([], "must be yes or no");
  return false;
}

/** A text without control characters: it ends up in headers and SMTP replies. */
export function readLine(value: Ucl, complain: Complain): string | null {
  if (typeof value === "string" && !/[\x00-\x1f\x7f]/.test(value)) return value;
  complain([], "must be a text without line ends and control characters");
  return null;
}

/** What several sections say, a later one overruling. Names such as "__proto__" are names like any other. */
export function overrule<Value>(sections: readonly Readonly<Record<string, Value>>[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(sections.flatMap((section) => Object.entries(section)));
}

/** A section of such texts. */
export function readLines(value: Ucl, complain: Complain): Readonly<Record<string, string>> {
  const lines = Object.entries(readObject(value, complain)).flatMap(([key, part]) => {
    const line = readLine(part, within(key, complain));
    return line === null ? [] : [[key, line] as const];
  });
  return Object.fromEntries(lines);
}

export function readNumbers(value: Ucl, complain: Complain): Readonly<Record<string, number>> {
  const numbers = Object.entries(readObject(value, complain)).flatMap(([key, part]) => {
    if (typeof part === "number") return [[key, part] as const];
    complain([key], "must be a number");
    return [];
  });
  return Object.fromEntries(numbers);
}
