// The options of `sluice serve` that are about workers.

import type { SlotOptions } from "./worker-slot.ts";

const mostWorkers = 256;
/** Seconds; the garbage collector and a large mail may keep a sound worker silent for a while. */
const leastPatience = 1;

interface WorkersChosen extends SlotOptions {
  readonly count: number;
}

/** What the options say of workers: undefined without any, a text when it is wrong usage. */
export function readWorkers(values: {
  readonly workers?: string | undefined;
  readonly patience?: string | undefined;
  readonly "max-memory"?: string | undefined;
}): WorkersChosen | undefined | string {
  const { workers, patience = "10", "max-memory": maxMemory } = values;
  if (workers === undefined) {
    const alone = (["patience", "max-memory"] as const).find((name) => values[name] !== undefined);
    return alone && `sluice: --${alone} is about workers: use it with --workers`;
  }
  if (!/^[1-9]\d{0,2}$/.test(workers) || Number(workers) > mostWorkers) {
    return `sluice: --workers ${workers} is no number from 1 to ${mostWorkers}`;
  }
  if (!/^\d{1,4}(\.\d{1,3})?$/.test(patience) || Number(patience) < leastPatience) {
    return `sluice: --patience ${patience} is no number of seconds, at least ${leastPatience}`;
  }
  if (maxMemory !== undefined && !/^[1-9]\d{0,6}$/.test(maxMemory)) {
    return `sluice: --max-memory ${maxMemory} is no number of megabytes`;
  }
  return {
    count: Number(workers),
    patience: Number(patience) * 1000,
    maxMemory: maxMemory === undefined ? undefined : Number(maxMemory) * 1024 * 1024,
  };
}
