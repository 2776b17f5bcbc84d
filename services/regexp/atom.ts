// Atoms of rules, in the shared grammar of expressions:
//   Subject=/pattern/i{header}   /pattern/{mime}   /pattern/iP     a pattern, its flags, and where it looks
//   has_html_tag(form)   content_type_compare_param(charset, /^koi/i)     a function

import type { AtomRead, AtomSyntax, Misread } from "../../shared/expression/parse.ts";
import { type CompiledPattern, compile } from "../../shared/pattern/compile.ts";
import { type Argument, functionNamed, type RuleFunction } from "./functions.ts";
import { isOfHeader, kindNamed, missingKinds, type Source } from "./sources.ts";

export type RuleAtom =
  | {
      readonly kind: "pattern";
      readonly source: Source;
      readonly pattern: CompiledPattern;
      /** As it was written, with its flags: "/a/i". Equal ones match alike. */
      readonly written: string;
      /** Flag A: its value is how often it matches, instead of whether. */
      readonly count: boolean;
    }
  | { readonly kind: "function"; readonly value: RuleFunction };

/** Matches that the flag A counts. */
export const mostMatches = 100;

const headerName = /([A-Za-z0-9_-]+)=(?=\/)/y;
const flagLetters = /[a-zA-Z]*/y;
const typeName = /\{([a-z_]+)\}/y;
const functionName = /([A-Za-z_]\w*)\(/y;
const luaCall = /lua:|\$\w+=/y;
/** Flags that change what matches, and those that mean something to Rspamd's engines only. */
const matching = "imsx";
const meaningless = "uOL";

/** `onMissing` hears what Rspamd has and this has not; the atom is refused then. */
export function ruleSyntax(onMissing: (what: string) => void): AtomSyntax<RuleAtom> {
  return {
    read(text, start) {
      const lua = match(luaCall, text, start);
      if (lua) return missing(onMissing, start, lua[0].startsWith("lua") ? "a function in Lua" : "a selector");
      const header = match(headerName, text, start);
      const at = start + (header?.[0].length ?? 0);
      if (text.startsWith("/", at)) return readPattern(text, at, header?.[1] ?? "", onMissing);
      const name = match(functionName, text, start);
      if (name) return readFunction(text, start, name[1] ?? "");
      return { problem: "expected a pattern, Header=/pattern/ or a function()", at: start };
    },
  };
}

function missing(onMissing: (what: string) => void, at: number, what: string): Misread {
  onMissing(what);
  return { problem: `${what} is not supported`, at };
}

interface Written {
  readonly source: string;
  readonly letters: string;
  readonly end: number;
}

/** A pattern between slashes and the letters behind it; `start` is at the first slash. */
function writtenPattern(text: string, start: number): Written | Misread {
  let end = start + 1;
  while (end < text.length && text[end] !== "/") end += text[end] === "\\" ? 2 : 1;
  if (end >= text.length) return { problem: "this pattern has no closing /", at: start };
  const source = text.slice(start + 1, end);
  if (source === "") return { problem: "an empty pattern matches everything", at: start };
  const letters = match(flagLetters, text, end + 1)?.[0] ?? "";
  return { source, letters, end: end + 1 + letters.length };
}

function readPattern(
  text: string,
  start: number,
  header: string,
  onMissing: (what: string) => void,
): AtomRead<RuleAtom> | Misread {
  const written = writtenPattern(text, start);
  if ("problem" in written) return written;
  const { source, letters } = written;
  const type = match(typeName, text, written.end);
  const end = written.end + (type?.[0].length ?? 0);
  const names = type ? [type[1] ?? ""] : [];
  let flags = "";
  let count = false;
  let bytes = false;
  for (const letter of letters) {
    if (matching.includes(letter)) flags += letter;
    else if (letter === "A") count = true;
    else if (letter === "r") bytes = true;
    else if (kindNamed(letter) !== undefined) names.push(letter);
    else if (!meaningless.includes(letter)) return { problem: `a pattern has no flag "${letter}"`, at: written.end };
  }
  const name = names[0] ?? (header === "" ? undefined : "header");
  if (name === undefined)
    return { problem: "say behind this pattern where it looks: {mime}, {body}, {url} ...", at: start };
  if (names.length > 1) return { problem: `this pattern looks in ${names.join(" and ")}: choose one`, at: start };
  if (missingKinds.has(name)) return missing(onMissing, written.end, `{${name}}`);
  const kind = kindNamed(name);
  if (kind === undefined) return { problem: `there is no type {${name}}`, at: written.end };
  if (isOfHeader(kind) !== (header !== "")) {
    return {
      problem: header === "" ? `{${name}} needs a header: Name=/pattern/` : `{${name}} has no header`,
      at: start,
    };
  }
  const pattern = compile(source, flags);
  if (pattern instanceof Error) return { problem: pattern.message, at: start };
  const place: Source = { kind, header: header.toLowerCase(), bytes };
  return { atom: { kind: "pattern", source: place, pattern, written: `/${source}/${flags}`, count }, end };
}

const blank = /[ \t\r\n]*/y;
const bareArgument = /[^\s,()"'/][^,()"']*/y;
const quotedArgument = /"([^"]*)"|'([^']*)'/y;

function readFunction(text: string, start: number, name: string): AtomRead<RuleAtom> | Misread {
  const found = functionNamed(name);
  if (typeof found === "string") return { problem: found, at: start };
  const given: Argument[] = [];
  let at = start + name.length + 1;
  for (;;) {
    at += match(blank, text, at)?.[0].length ?? 0;
    if (text.startsWith(")", at)) break;
    if (at >= text.length) return { problem: "this ( is never closed", at: start + name.length };
    if (given.length > 0) {
      if (!text.startsWith(",", at)) return { problem: "expected , or ) behind an argument", at };
      at += 1 + (match(blank, text, at + 1)?.[0].length ?? 0);
    }
    const read = readArgument(text, at);
    if ("problem" in read) return read;
    given.push(read.atom);
    at = read.end;
  }
  const value = found(given);
  if (value instanceof Error) return { problem: `${name}(): ${value.message}`, at: start };
  return { atom: { kind: "function", value }, end: at + 1 };
}

function readArgument(text: string, at: number): AtomRead<Argument> | Misread {
  if (text.startsWith("/", at)) {
    const written = writtenPattern(text, at);
    if ("problem" in written) return written;
    const pattern = compile(written.source, written.letters);
    if (pattern instanceof Error) return { problem: pattern.message, at };
    if (!pattern.linear)
      return { problem: "the pattern of an argument has no look-ahead, back-reference or long count", at };
    return { atom: pattern, end: written.end };
  }
  const quoted = match(quotedArgument, text, at);
  if (quoted) return { atom: quoted[1] ?? quoted[2] ?? "", end: at + quoted[0].length };
  const bare = match(bareArgument, text, at);
  if (bare) return { atom: bare[0].trim(), end: at + bare[0].length };
  return { problem: "expected an argument", at };
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
