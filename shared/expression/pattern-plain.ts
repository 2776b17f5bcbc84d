// What patterns outside of rules may say. It means what it means in rules, as ../pattern/parse.ts reads both; but these are
// tried at once, on the main thread, with no limit of time. So they hold only what pattern-program.ts can match by
// following all ways at once: no back-references, look-around, possessive and atomic groups; less of everything; and no
// sets of many ranges, which it looks through one by one: no properties, no classes with names. Left out as well is what
// only Perl and PCRE know: flags in a group, comments, \Q, \h, \R and the like.

import { flagsOf, parsePattern } from "../pattern/parse.ts";
import { type Limits, wrong } from "../pattern/reader.ts";
import type { Node } from "../pattern/tree.ts";

const plainLimits: Limits = { length: 4_096, depth: 50, repeat: 1_000 };

const knownEscape = /\\(?:[dDwWsSbBAzZtnrfvea]|x[0-9A-Fa-f]{2}|[xu]\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|[^0-9A-Za-z])/y;
const backReference = /\\[1-9k]/y;
const otherGroup = /\(\?(?!P?<[A-Za-z_]|:)/y;
const possessive = /(?:[*+?]|\{\d+(?:,\d*)?\})\+/y;
const setOpening = /\[\^?\]?/y;
const namedClass = /\[:/y;

/** The tree of a pattern with these flags (of i, m and s). Throws a PatternError. */
export function parsePlain(source: string, flags: string): Node {
  if (source.length <= plainLimits.length) checkPlain(source);
  return parsePattern(source, flagsOf(flags), plainLimits);
}

function checkPlain(source: string): void {
  let inSet = false;
  for (let at = 0; at < source.length; ) {
    const has = (what: RegExp) => {
      what.lastIndex = at;
      return what.test(source);
    };
    const char = source.charAt(at);
    if (char === "\\") {
      if (has(backReference)) throw wrong({ at }, "back-references cannot be matched in linear time");
      if (!has(knownEscape)) throw wrong({ at }, `\\${source.charAt(at + 1)} is not supported`);
      at = knownEscape.lastIndex;
      continue;
    }
    if (inSet) {
      if (has(namedClass)) throw wrong({ at }, "named classes are not supported");
      inSet = char !== "]";
    } else if (has(setOpening)) {
      inSet = true;
      at = setOpening.lastIndex;
      continue;
    } else if (has(otherGroup)) {
      throw wrong({ at: at + 1 }, "look-around, atomic groups and flags in a group are not supported");
    } else if (has(possessive)) {
      throw wrong({ at: possessive.lastIndex - 1 }, "possessive repetition is not supported");
    }
    at += 1;
  }
}
