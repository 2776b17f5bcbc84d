// The mail program that a message names: X-Mailer, or User-Agent.

import type { Headers } from "../../shared/task.ts";

/** Longer names are cut: what tells programs apart stands at the start. */
const longest = 256;

/** Name and version as they stand, or "". X-Mailer wins, as the older header and the one that forgers use. */
export function mailerName(headers: Headers): string {
  let agent = "";
  for (const { key, value } of headers.fields) {
    if (key === "x-mailer" && value !== "") return value.slice(0, longest);
    if (key === "user-agent") agent ||= value;
  }
  return agent.slice(0, longest);
}
