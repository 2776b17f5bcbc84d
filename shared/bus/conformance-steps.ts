// What the tests of `busConformance` share.

import assert from "node:assert/strict";
import { Fault, type FaultCode } from "../fault.ts";
import type { AskOptions, Bus, Serving, Subject, Topic } from "./bus.ts";

/** Two clients of one bus. */
export interface Clients {
  readonly asker: Bus;
  readonly server: Bus;
}

let serial = 0;

/** A name of its own for each test: a straggler of one must not answer for another. */
export function subject<Question, Answer>(): Subject<Question, Answer> {
  return { name: `test-${process.pid}-${++serial}` };
}

export function topic<Event>(): Topic<Event> {
  return { name: `test-${process.pid}-${++serial}` };
}

export function soon(): AskOptions {
  return { deadline: Date.now() + 10_000 };
}

export async function fails(code: FaultCode, promise: Promise<unknown>, message = /./): Promise<void> {
  await assert.rejects(promise, (thrown) => {
    assert.ok(thrown instanceof Fault, `no fault: ${thrown}`);
    assert.equal(thrown.code, code, thrown.message);
    assert.match(thrown.message, message);
    return true;
  });
}

export function codeOf(thrown: unknown): string {
  return thrown instanceof Fault ? thrown.code : String(thrown);
}

export async function stopAll(servings: readonly Serving[]): Promise<void> {
  for (const serving of servings) await serving.stop();
}

interface Gate<Value> {
  readonly opens: Promise<Value>;
  open(value: Value): void;
}

export function openGate<Value = void>(): Gate<Value> {
  const { promise, resolve } = Promise.withResolvers<Value>();
  return { opens: promise, open: resolve };
}
