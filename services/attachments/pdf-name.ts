// Names of a PDF (ISO 32000-1, 7.3.5): "#xx" stands for a character, which hides a name from whoever looks for it as it is.

/** Names that make a file do something, or say what it holds. */
const watched = new Set([
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
]);

export interface Names {
  /** Watched names that occur. */
  readonly found: Set<string>;
  /** The first watched name that is written with escapes where none are needed; "" without. */
  hidden: string;
  /** Names that were looked at. */
  looked: number;
}

/** Names of one file that are looked at: the largest honest files have fewer outside of their streams. */
export const maxNames = 200_000;

/** Longest name that is looked at: ISO 32000-1, annex C allows 127 bytes; with escapes thrice that. */
const anyName = /\/((?:[A-Za-z0-9]|#[0-9A-Fa-f]{2}){2,60})(?![A-Za-z0-9#])/g;

/** Adds the names of a text to those known. */
export function collectNames(text: string, names: Names): void {
  for (const [, written = ""] of text.matchAll(anyName)) {
    if (names.looked++ >= maxNames) return;
    if (!written.includes("#")) {
      if (watched.has(written)) names.found.add(written);
      continue;
    }
    const name = written.replace(/#([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    if (!watched.has(name)) continue;
    names.found.add(name);
    names.hidden ||= name;
  }
}
