// Notes what is odd about a message while it is analysed.

import type { Flaw, FlawKind } from "../task.ts";

/** Adds a flaw of a part, 0 being the message. */
export type Note = (kind: FlawKind, part: number, detail?: string) => void;

/** Longest detail that is kept, in characters: it comes from the sender. */
const detailLength = 64;

/** A list of flaws and the function that adds to it: each flaw once, `limit` in all. */
export function flawList(limit: number): { readonly flaws: readonly Flaw[]; readonly note: Note } {
  const flaws: Flaw[] = [];
  const note: Note = (kind, part, detail) => {
    if (flaws.length >= limit) return;
    const short = detail?.slice(0, detailLength);
    for (const flaw of flaws) if (flaw.kind === kind && flaw.part === part && flaw.detail === short) return;
    flaws.push(short === undefined || short === "" ? { kind, part } : { kind, part, detail: short });
  };
  return { flaws, note };
}
