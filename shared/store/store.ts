// The store keeps what must outlive a process or be shared by several: greylisting, rate limits, the ledger of what was
// learned, history, Bayes. Each operation touches one key and is atomic. What has expired is not there.

/** Keys and values are text or bytes; a key is at most `keyLimit` bytes of UTF-8. Times to live are ms; Infinity is for ever. */
export interface Store {
  /** What lies under the key, as text. Bytes that are no UTF-8 are replaced; a counter is decimal. */
  get(key: string): Promise<string | undefined>;
  getBytes(key: string): Promise<Uint8Array | undefined>;
  /** Replaces whatever lies there, of any kind. At most `valueLimit` bytes. */
  set(key: string, value: string | Uint8Array, ttl: number): Promise<void>;
  /** Sets when nothing lies there, and answers whether it did. Of many at once one wins. */
  add(key: string, value: string | Uint8Array, ttl: number): Promise<boolean>;
  /** Answers whether something lay there. */
  delete(key: string): Promise<boolean>;
  /** Changes the time to live from now on. Answers whether something lies there. */
  expire(key: string, ttl: number): Promise<boolean>;

  /** Adds a whole number to a counter that starts at 0, and answers with the sum. `ttl` counts from the first time. */
  increment(key: string, by: number, ttl: number): Promise<number>;
  pour(key: string, bucket: Bucket): Promise<Poured>;

  /** Puts a value in front of a list, whose last ones fall off beyond `length`. `ttl` counts from the newest. */
  push(key: string, value: string, length: number, ttl: number): Promise<void>;
  /** So many values, the newest first, from the one at `start` (0 is the newest). */
  range(key: string, start: number, count: number): Promise<string[]>;
  length(key: string): Promise<number>;

  /** Bytes in passing, such as the body of a large message. A name space of its own; at most `blobLimit` bytes. */
  putBlob(key: string, bytes: Uint8Array, ttl: number): Promise<void>;
  getBlob(key: string): Promise<Uint8Array | undefined>;
  deleteBlob(key: string): Promise<void>;

  /** The table of that name, zeros at first. A name space of its own. `bad-config` when it exists in another shape. */
  table(name: string, shape: TableShape): Promise<Table>;

  close(): Promise<void>;
}

/** A leaky bucket: it starts empty, and what is poured in leaks out. Also one that is full lets through later. */
export interface Bucket {
  readonly capacity: number;
  /** Leaves the bucket every second. */
  readonly leak: number;
  /** Poured in, if there is room for all of it. 0 only looks; below 0 takes out. */
  readonly cost: number;
  /** ms since 1970. Default: the store's clock. */
  readonly now?: number;
}

export interface Poured {
  readonly allowed: boolean;
  /** What is in the bucket now. */
  readonly level: number;
}

export interface TableShape {
  /** Number of counters. */
  readonly cells: number;
  /** Bits of each. It stays at 0 and at its largest value instead of wrapping around. */
  readonly bits: 8 | 16 | 32;
}

export type Counters = Uint8Array | Uint16Array | Uint32Array;

/** A fixed number of counters, such as the hashed tokens of a classifier. */
export interface Table {
  /** All of it: a copy. */
  read(): Promise<Counters>;
  /**
   * Adds `by[i]` to the counter `cells[i]`, all of them or none. With `once`, a key, it counts only the first time that
   * the table hears of this key in `onceTtl`: a lesson that is given again is no second lesson. Answers whether it counted.
   */
  add(cells: Uint32Array, by: Int32Array, once?: string): Promise<boolean>;
  /** Makes every counter zero, and forgets which keys have counted. */
  reset(): Promise<void>;
  /** Halves every counter, rounding down. */
  halve(): Promise<void>;
  /** Replaces every counter, and forgets which keys have counted. `failed` unless it is of the table's shape. */
  write(counters: Counters): Promise<void>;
  /**
   * Tells of changes made here and by other processes, within a second. Follow first and read then, and nothing is
   * missed: a change carries values, not differences, so to apply one again does no harm. `reset`, `halve` and `write`
   * are "reread". Answers with what ends it.
   */
  follow(listener: (change: TableChange) => void): Promise<() => void>;
}

/** New values of some counters; or, when too much has changed to tell, that the table must be read again. */
export type TableChange = { readonly cells: Uint32Array; readonly values: Uint32Array } | "reread";
