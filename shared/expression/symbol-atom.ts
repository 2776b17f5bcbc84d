// Atoms of composites and forced actions: symbols and groups of symbols, as Rspamd's operators write them.
//   SYMBOL   ~SYMBOL   -SYMBOL   ^SYMBOL      SYMBOL[option]   SYMBOL[/pattern/i, option]
//   g:group  g+:group (members with a positive score)          g-:group (with a negative one)

import type { AtomRead, AtomSyntax, Misread } from "./parse.ts";
import type { Pattern } from "./pattern.ts";
import { compilePattern } from "./pattern.ts";

/** An option must be this text, or match this pattern. */
export type OptionMatch = string | Pattern;

/** What a composite does with a symbol it was made of, when that is not its policy. ~^SYMBOL and its like: the strongest. */
export type Prefix = "" | "~" | "-" | "^";

export type SymbolAtom =
  | {
      readonly kind: "symbol";
      readonly name: string;
      readonly prefix: Prefix;
      /** Each of them is met by some option of the symbol. */
      readonly options: readonly OptionMatch[];
    }
  | {
      readonly kind: "group";
      readonly name: string;
      readonly prefix: Prefix;
      /** Sign of the scores of the members that count; 0 is any. */
      readonly sign: -1 | 0 | 1;
    };

/** Names of symbols and groups. A hyphen, dot or colon is part of a name only between two of its other characters. */
const name = /[A-Za-z0-9_]+(?:[-.:]+[A-Za-z0-9_]+)*/y;
const prefixes = /[~^-]+/y;
const group = /g([+-]?):/y;
const flags = /[A-Za-z]*/y;

export const symbolSyntax: AtomSyntax<SymbolAtom> = {
  read(text, start) {
    const written = match(prefixes, text, start) ?? "";
    const prefix = strongest(written);
    let at = start + written.length;
    const sign = match(group, text, at);
    if (sign !== null) at += sign.length;
    const found = match(name, text, at);
    if (found === null) {
      return { problem: `expected the name of a ${sign === null ? "symbol" : "group"}, found ${shown(text, at)}`, at };
    }
    at += found.length;
    if (sign !== null) {
      if (text.startsWith("[", at)) return { problem: "a group has no options", at };
      return { atom: { kind: "group", name: found, prefix, sign: signOf(sign) }, end: at };
    }
    if (!text.startsWith("[", at)) return { atom: { kind: "symbol", name: found, prefix, options: [] }, end: at };
    const options = readOptions(text, at);
    if ("problem" in options) return options;
    return { atom: { kind: "symbol", name: found, prefix, options: options.atom }, end: options.end };
  },
};

/** Whether the options of a hit meet all that an atom asks of them. */
export function optionsMeet(wanted: readonly OptionMatch[], options: readonly string[]): boolean {
  return wanted.every((match) =>
    typeof match === "string" ? options.includes(match) : options.some((option) => match.test(option)),
  );
}

/** Of several, the one that says most: ^ before -, - before ~. */
function strongest(written: string): Prefix {
  return (["^", "-", "~"] as const).find((prefix) => written.includes(prefix)) ?? "";
}

function signOf(spelling: string): -1 | 0 | 1 {
  if (spelling.startsWith("g+")) return 1;
  return spelling.startsWith("g-") ? -1 : 0;
}

/** `start` is at the opening bracket. */
function readOptions(text: string, start: number): AtomRead<readonly OptionMatch[]> | Misread {
  const options: OptionMatch[] = [];
  let at = start + 1;
  for (;;) {
    while (text.startsWith(" ", at)) at += 1;
    const option = text.startsWith("/", at) ? readPattern(text, at) : readText(text, at);
    if ("problem" in option) return option;
    options.push(option.atom);
    at = option.end;
    while (text.startsWith(" ", at)) at += 1;
    if (text.startsWith("]", at)) return { atom: options, end: at + 1 };
    if (at >= text.length) return { problem: "this [ is never closed", at: start };
    if (!text.startsWith(",", at)) return { problem: `expected , or ] behind an option, found ${shown(text, at)}`, at };
    at += 1;
  }
}

function readText(text: string, start: number): AtomRead<string> | Misread {
  let end = start;
  while (end < text.length && !text.startsWith(",", end) && !text.startsWith("]", end)) end += 1;
  const option = text.slice(start, end).trim();
  return option === "" ? { problem: "an option is empty", at: start } : { atom: option, end };
}

function readPattern(text: string, start: number): AtomRead<Pattern> | Misread {
  let end = start + 1;
  while (end < text.length && !text.startsWith("/", end)) end += text.startsWith("\\", end) ? 2 : 1;
  if (end >= text.length) return { problem: "this pattern has no closing /", at: start };
  const given = match(flags, text, end + 1) ?? "";
  const pattern = compilePattern(text.slice(start + 1, end), given);
  if (pattern instanceof Error) return { problem: pattern.message, at: start };
  return { atom: pattern, end: end + 1 + given.length };
}

function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

function shown(text: string, at: number): string {
  return at < text.length ? JSON.stringify(text.slice(at, at + 16)) : "the end";
}
