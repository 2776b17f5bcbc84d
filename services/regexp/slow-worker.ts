// The thread of slow.ts.

import { Script } from "node:vm";
import { parentPort } from "node:worker_threads";
import { countMatches } from "../../shared/pattern/compile.ts";
import type { SlowReport, SlowRequest } from "./slow.ts";

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

parentPort?.on("message", ({ job, questions, budget }: SlowRequest) => {
  const say = (said: SlowReport["said"]) => parentPort?.postMessage({ job, said } satisfies SlowReport);
  say("begun");
  const end = performance.now() + budget;
  for (const { source, flags, texts, most } of questions) {
    const count = within(end - performance.now(), () => {
      const pattern = patternOf(source, flags);
      return texts.reduce((sum, text) => (sum < most ? sum + countMatches(pattern, text, most - sum) : sum), 0);
    });
    if (count === undefined) break;
    say(count);
  }
  say("done");
});
