/** For lines of the log that tell the same again: a function that answers true, and then false for so many ms. */
export function seldom(quiet = 30_000): () => boolean {
  let spoke = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now < spoke + quiet) return false;
    spoke = now;
    return true;
  };
}
