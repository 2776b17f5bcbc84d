// Whether somebody is there to scan: for /ready.

import { toFault } from "../../shared/fault.ts";
import { scanSubject } from "../../shared/scan.ts";
import type { Gateway } from "./gateway.ts";
import { nextTaskId } from "./task-id.ts";

/** ms that a coordinator has to answer an empty question. */
const patience = 1_000;

/** "" when a coordinator answers, else why not. A full one is there: it counts as ready. */
export async function whyNotReady(gateway: Gateway): Promise<string> {
  if (gateway.closing) return "shutting down";
  const question = {
    id: nextTaskId(undefined),
    envelope: { rcpts: [] },
    skip: true,
    noLog: true,
    requestHeaders: { flags: "no_stat" },
    facts: { raw: new Uint8Array(0) },
  };
  try {
    await gateway.bus.ask(scanSubject, question, { deadline: gateway.now() + patience });
    return "";
  } catch (thrown) {
    const fault = toFault(thrown);
    return fault.code === "busy" ? "" : `no coordinator answers: ${fault.message}`;
  }
}
