// Plain data is what the bus may carry: what MessagePack can hold and no receiver can change.

import { Fault } from "../fault.ts";

/**
 * Freezes a value to its depth, so that a receiver that changes what it was handed throws where it does so. Bytes cannot
 * be frozen and stay as they are. Throws `failed` where a value is not plain data: it would not survive the codec.
 */
export function freezePlain(value: unknown, path = "value", depth = 0): void {
  if (typeof value !== "object" || value === null) {
    if (typeof value === "function" || typeof value === "symbol" || typeof value === "bigint") {
      throw new Fault("failed", `${path} is a ${typeof value}: not plain data`);
    }
    return;
  }
  if (ArrayBuffer.isView(value)) {
    if (!(value instanceof Uint8Array)) throw new Fault("failed", `${path} is not bytes: not plain data`);
    return;
  }
  if (frozen.has(value)) return;
  if (depth > deepest) throw new Fault("failed", `${path.slice(0, 100)}... goes on without end: not plain data`);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    throw new Fault("failed", `${path} is an instance of a class: not plain data`);
  }
  Object.freeze(value);
  for (const [key, item] of Object.entries(value)) freezePlain(item, `${path}.${key}`, depth + 1);
  frozen.add(value);
}

/** Far deeper than anything that is sent: what holds itself has no end. */
const deepest = 500;

/** Frozen to their depth already: facts travel in many questions. */
const frozen = new WeakSet<object>();
