import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../../../shared/fault.ts";
import { decided, numberBits, numbersOf, readLesson, writeLesson } from "./lesson.ts";

const name = Uint8Array.from({ length: 16 }, (_, i) => i);

test("a lesson survives its bytes", () => {
  const numbers = Uint32Array.of(0, 1, 127, 128, 255, 20_000, 2 ** numberBits - 1);
  const bytes = writeLesson({ step: 0, held: false, first: -1.5, name, numbers });
  assert.deepEqual(readLesson(bytes), { step: 0, held: false, first: -1.5, name, numbers });
  const after = readLesson(decided(bytes, 300, true));
  assert.deepEqual([after.step, after.held, after.numbers], [300, true, numbers]);
  assert.equal(readLesson(bytes).step, 0, "the bytes before are as they were");
});

test("features become numbers, sorted, each once", () => {
  assert.deepEqual([...numbersOf(Int32Array.of(-1, 5 << 14, 1 << 14, (1 << 14) + 3))], [1, 5, 2 ** numberBits - 1]);
});

test("bytes that are no lesson are refused", () => {
  const whole = writeLesson({ step: 0, held: false, first: 0, name, numbers: Uint32Array.of(5, 9_000) });
  for (const bytes of [new Uint8Array(3), whole.subarray(0, whole.length - 1), Uint8Array.from(whole).fill(0xff, 24)]) {
    assert.throws(
      () => readLesson(bytes),
      (thrown) => thrown instanceof Fault && thrown.code === "bad-input",
    );
  }
});
