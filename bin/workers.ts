// `sluice serve --workers N`: the parent. It holds no mail; it starts the workers, hands them the connections in turn,
// carries their events, and replaces those that die, hang or grow too large.

import cluster, { type Worker } from "node:cluster";
import { relayAmong } from "../shared/bus/relay.ts";
import { openLog, reopenLogs } from "../shared/log.ts";
import { rescueConnections } from "./handed-connections.ts";
import { sayHowToTry, signInterval } from "./worker.ts";
import { Slot, type SlotOptions } from "./worker-slot.ts";

export interface WorkersOptions extends SlotOptions {
  readonly count: number;
  readonly logLevel: string;
  readonly logTo: string | 1 | 2;
}

/** Runs the workers until a signal says to stop. Answers with the exit code. */
export async function runWorkers(options: WorkersOptions): Promise<number> {
  const log = openLog({ level: options.logLevel, to: options.logTo, pid: process.pid });
  // Each connection goes to the next worker that took the last one: one that hangs is handed one more, not its share.
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({ serialization: "advanced" });
  const slots: Slot[] = [];
  const relay = relayAmong();
  const join = (worker: Worker) => {
    relay(worker.process);
    rescueConnections(worker, () => slots.some((slot) => slot.takesMail));
  };
  const failed = Promise.withResolvers<number>();
  const open = (number: number) => {
    const slot = new Slot(number, options, log, join, number === 1 ? failed.resolve : undefined);
    slots.push(slot);
    return slot.ready;
  };
  const stopped = signalled("SIGTERM", "SIGINT");
  const reopen = () => {
    reopenLogs();
    for (const slot of slots) slot.order("reopen");
  };
  process.on("SIGHUP", () => {
    reopen();
    for (const slot of slots) slot.order("reload");
  });
  process.on("SIGUSR1", reopen);
  const watch = watchClock(signInterval(options.patience), (slept) => {
    for (const slot of slots) slot.look(slept);
  });
  try {
    // The first alone: what is wrong with configuration and ports is said once.
    const first = await Promise.race([open(1), failed.promise, stopped]);
    if (typeof first === "number") return first;
    if (first !== undefined) {
      const others = Array.from({ length: options.count - 1 }, (_, index) => open(index + 2));
      const all = await Promise.race([Promise.all(others), stopped]);
      if (all !== undefined) {
        log.info({ ...first, workers: slots.map(({ pid }) => pid) }, "ready");
        sayHowToTry(first, log);
        await stopped;
      }
    }
    log.info("stopping: no new mail, running scans finish");
    await Promise.all(slots.map((slot) => slot.stop()));
    return 0;
  } finally {
    clearInterval(watch);
    log.flush();
  }
}

/** Calls `act` every `interval` ms, and tells it whether the process stood still since the last time. */
function watchClock(interval: number, act: (slept: boolean) => void): NodeJS.Timeout {
  let last = performance.now();
  return setInterval(() => {
    const now = performance.now();
    const slept = now - last > interval + 1_000;
    last = now;
    act(slept);
  }, interval);
}

/** The second signal has its usual effect: an operator who has waited enough. */
function signalled(...signals: readonly NodeJS.Signals[]): Promise<undefined> {
  return new Promise((resolve) => {
    for (const signal of signals) process.once(signal, () => resolve(undefined));
  });
}
