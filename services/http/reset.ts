// /statreset and /historyreset reach every gateway: each has counted every verdict, so each has to forget.

import type { Topic } from "../../shared/bus/bus.ts";
import type { Gateway } from "./gateway.ts";
import type { Resettable } from "./record.ts";

export interface Reset {
  readonly what: Resettable;
  /** ms since 1970, and later than the one before. */
  readonly at: number;
}

export const resetTopic: Topic<Reset> = { name: "http-reset" };

export function reset({ bus, record, now }: Gateway, what: Resettable): void {
  // Clocks differ: a reset is never earlier than one that was heard of.
  const at = Math.max(now(), record.resets[what] + 1);
  record.reset(what, at);
  bus.publish(resetTopic, { what, at });
}

export function onReset({ record }: Gateway, { what, at }: Reset): void {
  record.reset(what, at);
}
