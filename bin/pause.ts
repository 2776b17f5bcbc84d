// How long to wait before a worker that died is started again: not at all the first time, longer and longer when it
// dies again and again, and never for ever.

/** ms */
const first = 100;
const longest = 30_000;
/** ms that a worker must have lived for its death to count as the first one again. */
const soundLife = 60_000;

export interface Pause {
  /** ms to wait after the end of a worker that lived so many ms. */
  after(lived: number): number;
}

export function openPause(): Pause {
  let deaths = 0;
  return {
    after(lived) {
      if (lived >= soundLife) deaths = 0;
      deaths += 1;
      return deaths === 1 ? 0 : Math.min(longest, first * 2 ** (deaths - 2));
    },
  };
}
