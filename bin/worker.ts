// A worker process as it sees itself: who it is, and what it tells the parent that supervises it (workers.ts).

import type { Log } from "../shared/log.ts";

/** What the parent is told when a worker takes mail: shown to the operator. */
export type Summary = Readonly<Record<string, unknown>> & { readonly listening: readonly string[] };

/** What a worker says. `memory` are resident bytes, `longestClose` the ms that a graceful end may take. */
export type Said =
  | { readonly sluiceWorker: "alive"; readonly memory: number }
  | { readonly sluiceWorker: "ready"; readonly summary: Summary; readonly longestClose: number };

/** The operator's next step. */
export function sayHowToTry({ listening }: Summary, log: Log): void {
  const http = listening.find((address) => address.startsWith("http://"))?.replace("//*:", "//localhost:");
  if (http) log.info(`try: curl --data-binary @mail.eml ${http}/checkv2, or: bin/sluice scan mail.eml`);
}

/** What a worker is told. */
export interface Order {
  readonly sluiceOrder: "stop" | "reload" | "reopen";
}

/** Environment of a worker: its number, from 1 on. */
export const numberVariable = "SLUICE_WORKER";

/** Number of this worker process; undefined in a process of its own. */
export const workerNumber = takeNumber();

/** Children of a worker are no workers: the variable ends here. */
function takeNumber(): number | undefined {
  const number = process.env[numberVariable];
  delete process.env[numberVariable];
  return number === undefined || process.send === undefined ? undefined : Number(number);
}

/** Tells the parent from the event loop that this process is alive, `every` so many ms. It lives until it leaves. */
export function giveSigns(every: number): void {
  const tell = () => say({ sluiceWorker: "alive", memory: process.memoryUsage.rss() });
  tell();
  setInterval(tell, every);
}

export function tellReady(summary: Summary, longestClose: number): void {
  say({ sluiceWorker: "ready", summary, longestClose });
}

/** ms between two signs of a worker that is killed after `patience` ms without one. */
export function signInterval(patience: number): number {
  return Math.min(1_000, patience / 5);
}

/** Never called in a process that no parent supervises. */
export function onOrder(order: Order["sluiceOrder"], act: () => void): void {
  if (workerNumber === undefined) return;
  process.on("message", (message) => {
    if (isOrder(message) && message.sluiceOrder === order) act();
  });
}

/** Ends this process with an exit code, after what was said has gone out. The channel to the parent would keep it. */
export function leave(code: number): Promise<never> {
  return new Promise(() => {
    const exit = () => process.exit(code);
    if (process.connected) process.send?.({ sluiceWorker: "leaving" }, undefined, {}, exit);
    else exit();
  });
}

function say(said: Said): void {
  // A parent that is gone ends its workers: nobody is missed here.
  if (process.connected) process.send?.(said, undefined, {}, () => {});
}

function isOrder(message: unknown): message is Order {
  return typeof message === "object" && message !== null && "sluiceOrder" in message;
}
