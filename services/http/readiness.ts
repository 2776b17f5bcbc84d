// Whether somebody is there to scan, and by which thresholds: an empty question tells.

import { toFault } from "../../shared/fault.ts";
import { scanSubject } from "../../shared/scan.ts";
import type { Verdict } from "../../shared/verdict.ts";
import type { Gateway } from "./gateway.ts";
import { nextTaskId } from "./task-id.ts";

/** ms that a coordinator has to answer what needs no look at a message. */
export const patience = 1_000;

/** Asks a coordinator to look at nothing. Leaves no trace in history and counters. */
function askNothing(gateway: Gateway): Promise<Verdict> {
  const question = {
    id: nextTaskId(undefined),
    envelope: { rcpts: [] },
    skip: true,
    noLog: true,
    requestHeaders: { flags: "no_stat" },
    facts: { raw: new Uint8Array(0) },
  };
  return gateway.bus.ask(scanSubject, question, { deadline: gateway.now() + patience });
}

/** "" when a coordinator answers, else why not. A full one is there: it counts as ready. */
export async function whyNotReady(gateway: Gateway): Promise<string> {
  if (gateway.closing) return "shutting down";
  try {
    await askNothing(gateway);
    return "";
  } catch (thrown) {
    const fault = toFault(thrown);
    return fault.code === "busy" ? "" : `no coordinator answers: ${fault.message}`;
  }
}

/** Action to threshold, as the coordinator has them now. Faults as those of a scan. */
export async function currentThresholds(gateway: Gateway): Promise<Verdict["thresholds"]> {
  return (await askNothing(gateway)).thresholds;
}
