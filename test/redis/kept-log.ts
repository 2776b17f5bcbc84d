// A log that keeps what is said, for tests that look at it.

import { type Log, silent } from "../../shared/log.ts";

/** `said` are the texts, without their fields, in their order. */
export function keptLog(): { readonly log: Log; readonly said: readonly string[] } {
  const said: string[] = [];
  const keep = (_fields: unknown, text: unknown) => void said.push(String(text));
  const log: Log = Object.assign(Object.create(silent), { info: keep, warn: keep, error: keep, child: () => log });
  return { log, said };
}
