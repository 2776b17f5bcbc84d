// Every operation of a store that is closed answers the same.

import { Fault } from "../fault.ts";

/** The operations, which answer `closed` once the store is. */
export function guarded<Operations extends object>(operations: Operations, closed: () => boolean): Operations {
  const guard = ([name, operation]: [string, (...args: unknown[]) => Promise<unknown>]) => [
    name,
    async (...args: unknown[]) => {
      if (closed()) throw new Fault("closed", "the store is closed");
      return operation(...args);
    },
  ];
  return Object.fromEntries(Object.entries(operations).map(guard)) as Operations;
}
