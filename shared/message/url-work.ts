// How much the search for URLs may cost in one message.

/** Looks at what may be a host that may still be taken in one message; each costs a search in the list of suffixes. */
export interface Work {
  left: number;
}

/** Looks for one message, and what one costs at a name beyond ASCII, which has to be converted. */
const mostLooks = 100_000;
const foreignCost = 8;

export function newWork(): Work {
  return { left: mostLooks };
}

/** Takes one look at text[from, to) from the rest; false when none is left. */
export function mayLook(work: Work, text: string, from: number, to: number): boolean {
  if (work.left <= 0) return false;
  work.left--;
  for (let at = from; at < to; at++) {
    if (text.charCodeAt(at) < 128) continue;
    work.left -= foreignCost;
    break;
  }
  return true;
}
