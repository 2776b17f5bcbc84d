// Patterns that an operator writes and a stranger's text is matched against, in the dialect of Perl: what cannot be
// matched in linear time is allowed, and known, so that the caller can put it where it hurts nobody.

import { type Effort, effortOf } from "./effort.ts";
import { isLinear } from "./engine.ts";
import { type OneOf, requiredLiterals } from "./literal.ts";
import { flagsOf, parsePattern } from "./parse.ts";
import { spell } from "./spell.ts";
import { PatternError } from "./tree.ts";

export interface CompiledPattern {
  /** In JavaScript's spelling, with the flag "g" and perhaps "m". */
  readonly regexp: RegExp;
  /** The engine falls back to linear time when a text makes it go back too often. */
  readonly linear: boolean;
  readonly effort: Effort;
  /** No text matches that does not meet each of these sets, letters folded; none when nothing is certain. */
  readonly literals: readonly OneOf[];
}

/** Steps that need no net: about a millisecond. */
const fewSteps = 500_000;
/** Characters of a text for which linear time is short: the linear engine takes a second for 10 MB. */
const shortText = 65_536;

/**
 * `flags`: i ignores case, m lets ^ and $ hold at line ends, s lets a dot match line ends, x ignores blanks and
 * comments. Answers with an Error whose message says what is wrong.
 */
export function compile(source: string, flags: string): CompiledPattern | Error {
  try {
    const tree = parsePattern(source, flagsOf(flags));
    const spelling = spell(tree);
    const regexp = new RegExp(spelling.source, `g${spelling.flags}`);
    const linear = isLinear(spelling.source, spelling.flags);
    return { regexp, linear, effort: effortOf(tree), literals: requiredLiterals(tree) };
  } catch (thrown) {
    // The engine refuses what is too large for it.
    if (thrown instanceof PatternError) return thrown;
    if (thrown instanceof SyntaxError)
      return new PatternError(`the pattern cannot be compiled: ${thrown.message.slice(-80)}`);
    throw thrown;
  }
}

/** Whether matching takes a few milliseconds at most, whatever the text says. */
export function isQuick({ linear, effort }: CompiledPattern, text: string): boolean {
  if (linear && text.length <= shortText) return true;
  return effort.choices * text.length ** (effort.loops + 1) <= fewSteps;
}

/** How often a pattern with the flag "g" matches, at most `most` times. */
export function countMatches(regexp: RegExp, text: string, most: number): number {
  regexp.lastIndex = 0;
  if (most === 1) return regexp.test(text) ? 1 : 0;
  let count = 0;
  for (let found = regexp.exec(text); found !== null && count < most; found = regexp.exec(text)) {
    count += 1;
    // An empty match would be found at the same place for ever.
    if (found[0] === "") regexp.lastIndex += 1;
  }
  return count;
}
