// Answers that are kept until their time is over, within a bound of memory.

import { ownText } from "../own-text.ts";
import type { DnsAnswer, RecordData, RecordType } from "./dns.ts";

export interface CacheLimits {
  /** Bytes, as `sizeOf` estimates them. */
  readonly size: number;
  /** ms. A positive answer is kept no shorter and no longer. */
  readonly minTtl: number;
  readonly maxTtl: number;
  /** ms, at most. */
  readonly negativeTtl: number;
  /** ms. */
  readonly failureTtl: number;
}

type AnyAnswer = DnsAnswer<RecordData[RecordType]>;

interface Entry {
  readonly answer: AnyAnswer;
  /** ms, on the clock of the cache. */
  readonly until: number;
  readonly size: number;
  used: boolean;
}

/** Bytes of an entry beside its strings, about. */
const overhead = 300;

/**
 * The oldest go first, but one that was asked for since it came or last stayed gets another round: names that anybody can
 * make up do not push out what every mail needs.
 */
export class AnswerCache {
  limits: CacheLimits;
  readonly #entries = new Map<string, Entry>();
  /** Goes round from the oldest on, and on from where it was: what lies in front of it is gone, and not to be passed again. */
  #hand = this.#entries.entries();
  #size = 0;

  constructor(limits: CacheLimits) {
    this.limits = limits;
  }

  get size(): number {
    return this.#size;
  }

  /** `now` in ms. The `ttl` of what was found is what is left of it. */
  get(key: string, now: number): AnyAnswer | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until <= now) {
      this.#drop(key, entry);
      return undefined;
    }
    entry.used = true;
    const { answer } = entry;
    if (answer.status !== "found") return answer;
    const { records, secure } = answer;
    return { status: "found", records, ttl: Math.floor((entry.until - now) / 1000), secure };
  }

  /** `ttl` in seconds; undefined where the name server does not say. Answers with the ms that it is kept. */
  put(key: string, answer: AnyAnswer, ttl: number | undefined, now: number): number {
    const ms = this.#msOf(answer, ttl);
    const known = this.#entries.get(key);
    if (known !== undefined) this.#drop(key, known);
    const size = sizeOf(key, answer);
    if (ms <= 0 || size > this.limits.size) return ms;
    this.#entries.set(ownText(key), { answer, until: now + ms, size, used: false });
    this.#size += size;
    this.#shrink(now);
    return ms;
  }

  clear(): void {
    this.#entries.clear();
    this.#size = 0;
  }

  #msOf({ status }: AnyAnswer, ttl: number | undefined): number {
    const { minTtl, maxTtl, negativeTtl, failureTtl } = this.limits;
    if (status === "failed") return failureTtl;
    const least = Math.max(minTtl, (ttl ?? 0) * 1000);
    return Math.min(least, status === "found" ? maxTtl : negativeTtl);
  }

  #shrink(now: number): void {
    while (this.#size > this.limits.size) {
      let next = this.#hand.next();
      if (next.done === true) {
        this.#hand = this.#entries.entries();
        next = this.#hand.next();
      }
      if (next.done === true) return;
      const [key, entry] = next.value;
      this.#drop(key, entry);
      if (!entry.used || entry.until <= now) continue;
      entry.used = false;
      this.#entries.set(key, entry);
      this.#size += entry.size;
    }
  }

  #drop(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#size -= entry.size;
  }
}

function sizeOf(key: string, answer: AnyAnswer): number {
  let size = overhead + key.length;
  if (answer.status !== "found") return size;
  for (const data of answer.records) size += 40 + (typeof data === "string" ? data.length : data.exchange.length + 40);
  return size;
}
