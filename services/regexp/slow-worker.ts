// The thread of slow.ts.

import { Script } from "node:vm";
import { countMatches } from "../../shared/pattern/compile.ts";
import { work } from "../../shared/thread/work.ts";
import type { SlowQuestion } from "./slow.ts";

const patterns = new Map<string, RegExp>();
const mostPatterns = 1_000;

function patternOf(source: string, flags: string): RegExp {
  const key = `${flags} ${source}`;
  let pattern = patterns.get(key);
  if (!pattern) {
    if (patterns.size >= mostPatterns) patterns.clear();
    pattern = new RegExp(source, flags);
    patterns.set(key, pattern);
  }
  return pattern;
}

/** Runs `count` on this thread, which V8 interrupts when the time is over. */
const interruptible = new Script("globalThis.runCount()");

function within(ms: number, count: () => number): number | undefined {
  Object.assign(globalThis, { runCount: count });
  try {
    return Number(interruptible.runInThisContext({ timeout: Math.max(1, Math.ceil(ms)) }));
  } catch {
    return undefined;
  }
}

work<readonly SlowQuestion[], number>((questions, { left, answer }) => {
  for (const { source, flags, texts, most } of questions) {
    const count = within(left(), () => {
      const pattern = patternOf(source, flags);
      return texts.reduce((sum, text) => (sum < most ? sum + countMatches(pattern, text, most - sum) : sum), 0);
    });
    if (count === undefined) break;
    answer(count);
  }
});
