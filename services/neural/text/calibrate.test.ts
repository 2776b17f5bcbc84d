import assert from "node:assert/strict";
import { test } from "node:test";
import { calibrate, calibrated, probabilityOf } from "./calibrate.ts";

test("a probability comes to mean how often it is right", () => {
  // Twice too sure: of mails with a logit of 4, what a logit of 2 promises is spam.
  const judgements = Array.from({ length: 4_000 }, (_, i) => {
    const logit = ((i % 40) - 19.5) / 2;
    return { logit, spam: ((i * 7_919) % 4_000) / 4_000 < probabilityOf(logit / 2 + 0.5) };
  });
  const calibration = calibrate(judgements);
  assert.ok(Math.abs(calibration.slope - 0.5) < 0.05, `slope ${calibration.slope}`);
  assert.ok(Math.abs(calibration.shift - 0.5) < 0.1, `shift ${calibration.shift}`);
  assert.ok(Math.abs(calibrated(calibration, 2) - 1.5) < 0.2);
});

test("few judgements change little, none nothing, and one-sided ones stay finite", () => {
  const before = { slope: 0.8, shift: -0.2 };
  assert.deepEqual(calibrate([], [], before), before);
  const { slope, shift } = calibrate([{ logit: 3, spam: false }], [], before);
  assert.ok(Math.abs(slope - 0.8) < 0.2 && Math.abs(shift + 0.2) < 0.2);
  const sided = calibrate(
    Array.from({ length: 500 }, () => ({ logit: 50, spam: false })),
    [],
    before,
  );
  assert.ok(Number.isFinite(sided.slope) && Number.isFinite(sided.shift));
});
