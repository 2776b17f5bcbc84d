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
