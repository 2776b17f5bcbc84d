// Names of a PDF (ISO 32000-1, 7.3.5): "#xx" stands for a character, which hides a name from whoever looks for it as it is.

import { type Effort, spend } from "./effort.ts";

/** Names that make a file do something, or say what it holds. */
const watched = [
  "JavaScript",
  "JS",
  "OpenAction",
  "AA",
  "Launch",
  "EmbeddedFile",
  "EmbeddedFiles",
  "URI",
  "Encrypt",
  "SubmitForm",
  "ImportData",
  "GoToR",
  "GoToE",
  "RichMedia",
  "XFA",
  "ObjStm",
];
const watchedNames: ReadonlySet<string> = new Set(watched);
const plainName = new RegExp(`/(?:${watched.join("|")})(?![A-Za-z0-9#])`, "g");

export interface Names {
  /** Watched names that occur. */
  readonly found: Set<string>;
  /** The first watched name that is written with escapes where none are needed; "" without. */
  hidden: string;
}

/** What a name costs that is looked at, beside its text. */
const nameCost = 15;
const escapedCost = 200;
const escapedCharCost = 12;

/** Longest name that is looked at: ISO 32000-1, annex C allows 127 bytes, and the watched ones are short. */
const longestEscaped = 60;

const escaped = /\/(?:[A-Za-z0-9]|#[0-9A-Fa-f]{2}){2,60}/y;

/** Adds the names of a text to those known; false when there is no effort left. `onUri` gets the place behind each "/URI". */
export function collectNames(text: string, names: Names, effort: Effort, onUri: (at: number) => void): boolean {
  for (const { 0: name, index } of text.matchAll(plainName)) {
    if (!spend(effort, nameCost)) return false;
    names.found.add(name.slice(1));
    if (name === "/URI") onUri(index + name.length);
  }
  return collectEscaped(text, names, effort, onUri);
}

function collectEscaped(text: string, names: Names, effort: Effort, onUri: (at: number) => void): boolean {
  for (let at = text.indexOf("#"); at !== -1; at = text.indexOf("#", at)) {
    if (!spend(effort, escapedCost)) return false;
    const slash = nameStart(text, at);
    escaped.lastIndex = slash;
    const written = slash === -1 ? undefined : escaped.exec(text)?.[0];
    const end = slash + (written?.length ?? 0);
    // A "#" that stands in no name, or for no character.
    if (written === undefined || end <= at) {
      at++;
      continue;
    }
    spend(effort, written.length * escapedCharCost);
    at = end;
    if (/[A-Za-z0-9#]/.test(text[end] ?? "")) continue;
    const name = unescapeName(written.slice(1));
    if (!watchedNames.has(name)) continue;
    names.found.add(name);
    names.hidden ||= name;
    if (name === "URI") onUri(end);
  }
  return true;
}

/** Place of the "/" that begins the name around `at`, or -1. */
function nameStart(text: string, at: number): number {
  for (let start = at - 1; start >= Math.max(0, at - longestEscaped); start--) {
    const code = text.charCodeAt(start);
    if (code === 47) return start;
    const isLetter = (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
    if (!isLetter) return -1;
  }
  return -1;
}

/** What a name reads with its escapes resolved. */
export function unescapeName(written: string): string {
  if (!written.includes("#")) return written;
  return written.replace(/#([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
