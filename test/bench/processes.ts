// What processes have spent, as Linux counts it.

import { readFileSync } from "node:fs";

const ticksPerSecond = 100; // USER_HZ

/** Seconds of CPU that processes have used since they started, their ended children included. */
export function cpuSeconds(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + ticksOf(pid), 0) / ticksPerSecond;
}

function ticksOf(pid: number): number {
  // After the name in brackets: utime, stime, cutime and cstime are fields 14 to 17 of proc(5).
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]) + Number(fields[13]) + Number(fields[14]);
}

/** MB of memory that are resident. */
export function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
}

/** Seconds of all cores together since the machine started. */
export interface Cores {
  readonly idle: number;
  readonly busy: number;
}

/** As Linux counts them; what the host took from a virtual machine is busy. */
export function coreSeconds(): Cores {
  // proc(5): user, nice, system, idle, iowait, irq, softirq, steal; guests are part of user and nice.
  const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const ticks = line.split(/\s+/).slice(1, 9).map(Number);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  const all = ticks.reduce((sum, one) => sum + one, 0);
  return { idle: idle / ticksPerSecond, busy: (all - idle) / ticksPerSecond };
}
