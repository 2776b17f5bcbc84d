// Patterns that an operator writes and a stranger's text is matched against, read as those of rules are
// (../pattern/parse.ts). A text cannot make one slow, nor needs it a limit: where the engine of JavaScript might try too
// many ways, all ways are followed at once (pattern-program.ts). Use these, not RegExp, wherever the pattern comes from
// configuration and the answer is wanted at once.

import { effortOf } from "../pattern/effort.ts";
import { spellCharacters } from "../pattern/spell.ts";
import { PatternError } from "../pattern/tree.ts";
import { parsePlain } from "./pattern-plain.ts";
import { makeProgram, runs } from "./pattern-program.ts";

export interface Pattern {
  /** As it was written: "/source/flags". */
  readonly source: string;
  /** Whether it matches somewhere in `text`. */
  test(text: string): boolean;
}

/** Steps that the engine of JavaScript may take for one text: less than a millisecond. */
const nativeSteps = 200_000;

/**
 * `flags`: i ignores case, m lets ^ and $ hold at line ends, s lets a dot match line ends, u is accepted, as text is
 * always taken as Unicode. Answers with an Error whose message says what is wrong.
 */
export function compilePattern(source: string, flags: string): Pattern | Error {
  const unknown = /[^imsu]/.exec(flags);
  if (unknown) return new Error(`a pattern has no flag "${unknown[0]}"; it has i, m, s and u`);
  try {
    const tree = parsePlain(source, flags);
    const program = makeProgram(tree);
    const native = new RegExp(spellCharacters(tree), "u");
    const { loops, choices } = effortOf(tree);
    const test = (text: string) =>
      choices * text.length ** (loops + 1) <= nativeSteps ? native.test(text) : runs(program, text);
    return { source: `/${source}/${flags}`, test };
  } catch (thrown) {
    if (thrown instanceof PatternError) return thrown;
    throw thrown;
  }
}

/** A pattern written as "/source/flags"; null when `text` does not look like one. */
export function readPattern(text: string): Pattern | Error | null {
  const last = text.lastIndexOf("/");
  if (!text.startsWith("/") || last === 0) return null;
  return compilePattern(text.slice(1, last), text.slice(last + 1));
}
