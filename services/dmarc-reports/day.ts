// The period of a report: a day in UTC.

import { Fault } from "../../shared/fault.ts";

export interface Day {
  /** "2026-01-15" */
  readonly name: string;
  /** Seconds since 1970 of its first and last second. */
  readonly begin: number;
  readonly end: number;
}

const seconds = 86_400;

/** The day of a time in ms since 1970. */
export function dayOf(time: number): Day {
  const begin = Math.floor(time / 1000 / seconds) * seconds;
  return { name: new Date(begin * 1000).toISOString().slice(0, 10), begin, end: begin + seconds - 1 };
}

export function dayBefore(time: number): Day {
  return dayOf(time - seconds * 1000);
}

/** Reads "2026-01-15" and, as Rspamd's operators write it, "20260115". Faults with `bad-input`. */
export function readDay(text: string): Day {
  const [, year, month, date] = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(text) ?? [];
  const name = `${year}-${month}-${date}`;
  const time = Date.parse(`${name}T00:00:00Z`);
  // The 31st of a shorter month would become another day.
  if (Number.isNaN(time) || dayOf(time).name !== name) throw new Fault("bad-input", `"${text}" is no day: 2026-01-15`);
  return dayOf(time);
}
