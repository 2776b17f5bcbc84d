// A verdict for tests of those who only take it from a coordinator.

import type { Verdict } from "./verdict.ts";

/** On a mail that says nothing: no action, score 0. */
export function blankVerdict(changed: Partial<Verdict> = {}): Verdict {
  return {
    id: "task",
    action: "no action",
    score: 0,
    required: 15,
    thresholds: {},
    symbols: [],
    groups: {},
    skipped: false,
    messageId: "",
    urls: [],
    emails: [],
    changes: { addHeaders: [], removeHeaders: [], dkimSignatures: [] },
    failed: [],
    timings: [],
    elapsed: 1,
    size: 1,
    ...changed,
  };
}
