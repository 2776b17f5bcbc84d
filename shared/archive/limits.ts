// Every bound on reading archives. A limit that is reached is listed by name and cuts work; it never throws.

export interface ArchiveLimits {
  /** Entries that are listed, of all archives of a message together. Limit `entries`. */
  readonly entries: number;
  /** Entries whose content is looked at; of the rest only the names are known. Limit `contents`. */
  readonly contents: number;
  /** Archives within each other; an attachment that is an archive has depth 1. Limit `depth`. */
  readonly depth: number;
  /** Bytes unpacked in all from one message. Limit `unpacked`. */
  readonly unpackedBytes: number;
  /** Bytes unpacked from one entry. Limit `entry-size`. */
  readonly entryBytes: number;
  /** Bytes unpacked for each packed byte, once `ratioFrom` bytes have come out. Limit `ratio`. */
  readonly ratio: number;
  readonly ratioFrom: number;
  /** Bytes of LZMA unpacked from one message: our own decoder is ten times slower than zlib. Bzip2 and mails that are
   *  files take from it too. Limit `unpacked`. */
  readonly lzmaBytes: number;
  /** Characters of an entry's name, from its end: that is where the extension is. Limit `name-length`. */
  readonly nameLength: number;
}

export const defaultArchiveLimits: ArchiveLimits = {
  entries: 10_000,
  contents: 1_000,
  depth: 4,
  unpackedBytes: 32 * 1024 * 1024,
  entryBytes: 16 * 1024 * 1024,
  ratio: 300,
  ratioFrom: 1024 * 1024,
  lzmaBytes: 4 * 1024 * 1024,
  nameLength: 512,
};

export type ArchiveLimit = "entries" | "contents" | "depth" | "unpacked" | "entry-size" | "ratio" | "name-length";

/** What is left to spend on one message. Shared by all of its archives, whatever lies within what. */
export interface Budget {
  readonly limits: ArchiveLimits;
  entries: number;
  contents: number;
  bytes: number;
  lzmaBytes: number;
  /** Marks of headers that turn out to be none. */
  marks: number;
  readonly reached: Set<ArchiveLimit>;
}

export function newBudget(limits: ArchiveLimits = defaultArchiveLimits): Budget {
  const { entries, contents, unpackedBytes, lzmaBytes } = limits;
  return { limits, entries, contents, bytes: unpackedBytes, lzmaBytes, marks: mostMarks, reached: new Set() };
}

/** False marks that are looked at: by chance, the content of a message has a few hundred at most. */
const mostMarks = 100_000;

/** Takes one mark that leads nowhere from the budget; false, as limit `entries`, when there is none left. */
export function takeMark(budget: Budget): boolean {
  if (budget.marks > 0) {
    budget.marks--;
    return true;
  }
  budget.reached.add("entries");
  return false;
}

/** Takes one entry from the budget; false when there is none left. */
export function takeEntry(budget: Budget): boolean {
  if (budget.entries > 0) {
    budget.entries--;
    return true;
  }
  budget.reached.add("entries");
  return false;
}

/** Most bytes that `packed` bytes may become now, and the limit that sets it. */
export function allowance(budget: Budget, packed: number): { readonly most: number; readonly limit: ArchiveLimit } {
  const { ratio, ratioFrom, entryBytes } = budget.limits;
  const byRatio = Math.max(ratioFrom, packed * ratio);
  const most = Math.max(0, Math.min(budget.bytes, entryBytes, byRatio));
  if (most === budget.bytes || most === 0) return { most, limit: "unpacked" };
  return { most, limit: most === entryBytes ? "entry-size" : "ratio" };
}
