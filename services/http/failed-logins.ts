// Counts wrong passwords by source, so that nobody guesses for long (R 1.4).

/** So many wrong passwords within `window` ms; then the source waits. */
const allowed = 10;
const window = 60_000;
/** Sources that are remembered; the one that was quiet the longest is forgotten first. */
const sources = 1024;

export interface FailedLogins {
  /** Counts an attempt before it is looked at, so that many at once cannot pass together. False: too many. */
  begin(source: string): boolean;
  /** The attempt was right: it does not count. */
  forgive(source: string): void;
}

/** Each source has a bucket that leaks `allowed` attempts per `window`. `now` in ms. */
export function openFailedLogins(now: () => number): FailedLogins {
  const buckets = new Map<string, { level: number; at: number }>();
  return {
    begin(source) {
      const time = now();
      const bucket = buckets.get(source) ?? { level: 0, at: time };
      bucket.level = Math.max(0, bucket.level - ((time - bucket.at) * allowed) / window);
      bucket.at = time;
      // A Map keeps the order of insertion: the first key is the one that was quiet the longest.
      buckets.delete(source);
      buckets.set(source, bucket);
      if (buckets.size > sources)
        for (const oldest of buckets.keys()) {
          buckets.delete(oldest);
          break;
        }
      if (bucket.level + 1 > allowed) return false;
      bucket.level += 1;
      return true;
    },
    forgive(source) {
      const bucket = buckets.get(source);
      if (bucket !== undefined) bucket.level = Math.max(0, bucket.level - 1);
    },
  };
}
