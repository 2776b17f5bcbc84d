// Plain data is what the bus may carry: what MessagePack can hold and no receiver can change.

import { Fault } from "../fault.ts";

/**
 * Freezes a value to its depth, so that a receiver that changes what it was handed throws where it does so. Bytes cannot
 * be frozen and stay as they are. Throws `failed` where a value is not plain data: it would not survive the codec.
 */
export function freezePlain(value: unknown, path = "value"): void {
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
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    throw new Fault("failed", `${path} is an instance of a class: not plain data`);
  }
  frozen.add(value);
  Object.freeze(value);
  for (const [key, item] of Object.entries(value)) freezePlain(item, `${path}.${key}`);
}

/** Frozen to their depth already: facts travel in many questions. */
const frozen = new WeakSet<object>();
