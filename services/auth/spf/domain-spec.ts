// The domain that a term of SPF names (RFC 7208, 7.1): as written in the record, and as asked of the DNS.

import { fillMacros, lettersIn, type MacroString, type Meaning, readMacros, targetLetters } from "./macro.ts";

export interface DomainSpec {
  /** As it was written. */
  readonly text: string;
  /** Empty when it has none: then `name` is what to ask for. */
  readonly macros: MacroString;
  /** "" when the text has macros, or is no name that can be asked for. */
  readonly name: string;
  /** Letters of its macros. */
  readonly letters: string;
}

/** Reads a domain-spec; an Error says what is wrong with it. */
export function readDomainSpec(text: string): DomainSpec | Error {
  if (text === "") return new Error("it names no domain");
  const macros = readMacros(text, targetLetters);
  if (macros instanceof Error) return macros;
  const last = macros.at(-1);
  // domain-end: the last label is one of a host name, or all of it comes out of a macro.
  if (typeof last === "string" && !endsInLiteralMacro(text) && !endsInTopLabel(last)) {
    return new Error("its domain does not end like a name");
  }
  if (macros.length === 1 && typeof last === "string") {
    return { text, macros: [], name: queryName(last), letters: "" };
  }
  return { text, macros, name: "", letters: lettersIn(macros) };
}

/** "%%", "%_" and "%-" are macros to the grammar, though they stand for one character each. */
function endsInLiteralMacro(text: string): boolean {
  return /%[_-]$/.test(text.replaceAll("%%", "%_"));
}

/** RFC 7208, 7.1: toplabel is not all digits, and a "-" stands within. */
function endsInTopLabel(text: string): boolean {
  const end = text.endsWith(".") ? text.length - 1 : text.length;
  const dot = text.lastIndexOf(".", end - 1);
  if (dot === -1) return false;
  const label = text.slice(dot + 1, end);
  return /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i.test(label) && !/^\d+$/.test(label);
}

/**
 * The name to ask for, given the values of the letters: in lower case, without the last dot; "" when no such name can be
 * in the DNS (a label that is empty or too long, a character that is none). An Error when it grows beyond all measure.
 */
export function targetName(spec: DomainSpec, meaningOf: Meaning): string | Error {
  if (spec.macros.length === 0) return spec.name;
  const filled = fillMacros(spec.macros, meaningOf);
  return filled instanceof Error ? filled : queryName(filled);
}

const longestName = 253;

function queryName(text: string): string {
  let name = (text.endsWith(".") ? text.slice(0, -1) : text).toLowerCase();
  // RFC 7208, 7.3: what is too long loses labels on its left.
  if (name.length > longestName) {
    const dot = name.indexOf(".", name.length - longestName - 1);
    if (dot === -1) return "";
    name = name.slice(dot + 1);
  }
  return isQueryName(name) ? name : "";
}

/** Whether a name has labels of 1 to 63 characters of ASCII. SPF asks for more than host names, also with blanks that come
 *  out of macros. What has other characters is no match: they come from a local part (RFC 8616, 4). */
function isQueryName(name: string): boolean {
  let label = 0;
  for (let at = 0; at < name.length; at++) {
    const c = name.charCodeAt(at);
    if (c === 46) {
      if (label === 0) return false;
      label = 0;
      continue;
    }
    if (c < 32 || c > 126 || ++label > 63) return false;
  }
  return label > 0;
}
