// How much a lesson moves a model that did not expect it.

/** Part of the lessons that are believed to be mistakes: one that the model is sure is wrong teaches less ... */
const mistakes = 0.1;
/** ... but never less than this: who says for the second time that a verdict is wrong is to see it change. */
export const leastCorrection = 0.15;

/**
 * The slope of the likelihood when some labels are wrong: it grows with the error of the model, 0 to 1, and falls again where
 * the model is sure of the opposite. `again`: nobody has said it again, the lesson is only looked at again.
 */
export function pullOf(error: number, again: boolean): number {
  const agreement = 1 - error;
  const doubted = (agreement * error * (1 - 2 * mistakes)) / (agreement * (1 - 2 * mistakes) + mistakes);
  return again ? doubted : Math.max(doubted, Math.min(error, leastCorrection));
}
