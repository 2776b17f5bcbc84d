// An actor for tests of the whole filter: a header of the mail says what it finds, and how long that takes.
//   X-Verdict: {"action": "quarantine", "message": "why", "score": 12, "delay": 1000}

import { setTimeout as delay } from "node:timers/promises";
import { defineActor } from "../../../shared/actor.ts";
import { defineCheck } from "../../../shared/check.ts";

interface Told {
  readonly action?: string;
  readonly message?: string;
  readonly score?: number;
  /** ms. */
  readonly delay?: number;
}

const told = defineCheck({
  name: "TOLD_CHECK",
  about: "Finds what the mail tells it to find.",
  stage: "filter",
  group: "told",
  reads: ["headers"],
  symbols: {
    TOLD_ACTION: { score: 0, about: "The mail names an action.", decides: true },
    TOLD_SCORE: { score: 1, factor: 100, about: "The mail names a score." },
  },
  async run(task, ctx) {
    const header = task.headers.fields.find(({ key }) => key === "x-verdict");
    if (header === undefined) return;
    const { action, message, score, delay: ms }: Told = JSON.parse(header.value);
    if (ms !== undefined) await delay(ms, undefined, { signal: ctx.signal });
    if (score !== undefined) ctx.hit("TOLD_SCORE", { factor: score });
    if (action !== undefined) {
      ctx.hit("TOLD_ACTION", { result: { action, ...(message === undefined ? {} : { message }) } });
    }
  },
});

export default defineActor({
  name: "told",
  about: "Finds what the mail tells it to find.",
  checks: [told],
  config: {},
  slots: 16,
  deadline: 7_000,
  reaches: [],
});
