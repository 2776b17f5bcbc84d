// What a process has cost, and whether it hangs. Time is CPU time: a busy machine makes no input slow.

import { readFileSync } from "node:fs";

/** ms of one tick in /proc/PID/stat. */
const tick = 10;
/** ms of CPU without an answer after which a process hangs. */
const mostCpu = 5_000;
/** ms by the clock after which it waits for nothing, however little of the machine it was given. */
const mostTime = 120_000;

export interface Cost {
  /** ms of CPU, of all threads. */
  readonly cpu: number;
  /** Resident bytes. */
  readonly memory: number;
}

/** Throws when there is no such process. */
export function costOf(pid: number): Cost {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const values = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // proc(5): utime and stime are the fields 14 and 15, rss in pages is 24; counted behind the name, which is 2.
  return { cpu: (Number(values[11]) + Number(values[12])) * tick, memory: Number(values[21]) * 4096 };
}

/** Calls `hung` once when a process uses too much CPU from now on, or time. Answers with what ends the watch. */
export function untilHung(pid: number, hung: (cpu: number, why: string) => void): () => void {
  let last = 0;
  const used = () => {
    try {
      last = costOf(pid).cpu;
    } catch {
      // A process that is gone says so by itself.
    }
    return last;
  };
  const before = used();
  const began = Date.now();
  const timer = setInterval(() => {
    const [cpu, time] = [used() - before, Date.now() - began];
    if (cpu <= mostCpu && time <= mostTime) return;
    clearInterval(timer);
    hung(cpu, `no answer after ${time} ms and ${cpu} ms of CPU`);
  }, 200);
  return () => clearInterval(timer);
}
