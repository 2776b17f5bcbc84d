// Calibration (Platt, 1999): brings log odds to where a probability means what it says. Fitted on mail that the network had
// not learned when it judged it.

export interface Judgement {
  readonly logit: number;
  readonly spam: boolean;
}

export interface Calibration {
  readonly slope: number;
  readonly shift: number;
}

/** How strongly slope and shift are held where they were, in judgements. */
const held = 20;
const rounds = 30;
const leastSlope = 0.1;
const mostSlope = 4;

/** Fits by Newton's method, from `before` on: with few judgements it stays near that. */
export function calibrate(
  judgements: readonly Judgement[],
  weights: readonly number[] = [],
  before: Calibration = { slope: 1, shift: 0 },
): Calibration {
  let { slope, shift } = before;
  for (let round = 0; round < rounds; round++) {
    let [gSlope, gShift] = [held * (slope - before.slope), held * (shift - before.shift)];
    let [hSlope, hBoth, hShift] = [held, 0, held];
    for (const [i, { logit, spam }] of judgements.entries()) {
      const weight = weights[i] ?? 1;
      const p = 1 / (1 + Math.exp(-(slope * logit + shift)));
      const error = weight * (p - (spam ? 1 : 0));
      const curve = weight * Math.max(p * (1 - p), 1e-6);
      gSlope += error * logit;
      gShift += error;
      hSlope += curve * logit * logit;
      hBoth += curve * logit;
      hShift += curve;
    }
    const determinant = hSlope * hShift - hBoth * hBoth;
    const toSlope = (hShift * gSlope - hBoth * gShift) / determinant;
    const toShift = (hSlope * gShift - hBoth * gSlope) / determinant;
    slope = Math.max(leastSlope, Math.min(mostSlope, slope - toSlope));
    shift -= toShift;
    if (Math.abs(toSlope) + Math.abs(toShift) < 1e-6) break;
  }
  return { slope, shift };
}

/** Log odds as they are to be read. */
export function calibrated({ slope, shift }: Calibration, logit: number): number {
  return slope * logit + shift;
}

export function probabilityOf(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}
