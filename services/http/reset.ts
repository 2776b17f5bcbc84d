// /statreset and /historyreset reach every gateway: each counts every verdict, so each has to forget.

import type { Topic } from "../../shared/bus/bus.ts";
import type { Gateway } from "./gateway.ts";
import type { Record } from "./record.ts";

export type Resettable = "statistics" | "history";

export interface Reset {
  readonly what: Resettable;
  /** The record that was reset already. */
  readonly by: string;
}

export const resetTopic: Topic<Reset> = { name: "http-reset" };

export function reset({ bus, record }: Gateway, what: Resettable): void {
  forget(record, what);
  bus.publish(resetTopic, { what, by: record.id });
}

export function onReset({ record }: Gateway, { what, by }: Reset): void {
  // What came since must not be forgotten too.
  if (by !== record.id) forget(record, what);
}

function forget(record: Record, what: Resettable): void {
  if (what === "history") {
    record.history.reset();
    return;
  }
  record.totals.reset();
  record.symbols.reset();
}
