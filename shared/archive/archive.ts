// What the readers of archives have in common: entries, and what is odd about an archive.

export type ArchiveKind =
  | "zip"
  | "gzip"
  | "zstd"
  | "bzip2"
  | "xz"
  | "tar"
  | "7z"
  | "rar"
  | "iso"
  | "cab"
  | "arj"
  | "tnef"
  | "mail";

/** What a well-made archive does not have. */
export type ArchiveFlaw =
  | "encrypted-names" // not even the names can be read
  | "split" // one volume of several
  | "truncated" // ends before it should
  | "unreadable" // no directory that makes sense
  | "prepended" // bytes before the first entry: a self-extracting program, or another file
  | "appended" // bytes behind the end
  | "hidden" // an entry that one of two directories does not list
  | "disagree" // two directories name an entry differently
  | "overlap"; // entries that share bytes

export interface Entry {
  /** Decoded, as it stands, with "/" between folders; only the end of a name that is too long. */
  readonly name: string;
  /** Bytes as declared; -1 when the archive does not say. */
  readonly size: number;
  /** Bytes in the archive; -1 when the archive does not say. */
  readonly packed: number;
  readonly encrypted: boolean;
  readonly directory: boolean;
  /** "stored", "deflate", "lzma" ...; the number where it has no name here. */
  readonly method: string;
  /** Another name of the entry before, under which some readers see it. */
  readonly alias?: true;
}

/** Content of an entry, as far as it could be unpacked. */
export interface Unpacked {
  readonly bytes: Buffer;
  /** Whether that is all of it. */
  readonly whole: boolean;
  /** Bytes that were made on the way, those thrown away too: what it costs. */
  readonly work: number;
}

export const nothingUnpacked: Unpacked = { bytes: Buffer.alloc(0), whole: false, work: 0 };

/** An entry and the way to its content. */
export interface Member {
  readonly entry: Entry;
  /** At most `most` bytes. Empty for what cannot be unpacked here. */
  unpack(most: number): Unpacked;
}

export interface Archive {
  readonly kind: ArchiveKind;
  readonly members: readonly Member[];
  readonly flaws: readonly ArchiveFlaw[];
}

/** Content that stands as it is at [start, start + length). */
export function stored(bytes: Buffer, start: number, length: number, most: number): Unpacked {
  const end = Math.min(start + length, bytes.length, start + most);
  if (end <= start) return length === 0 ? { bytes: Buffer.alloc(0), whole: true, work: 0 } : nothingUnpacked;
  return { bytes: bytes.subarray(start, end), whole: end - start === length, work: end - start };
}

export function cannotUnpack(): Unpacked {
  return nothingUnpacked;
}
