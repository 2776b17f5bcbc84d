// Gzip (RFC 1952), zstd, bzip2 and xz: one file, packed.

import { extensionOf } from "../message/extension.ts";
import { type Archive, type Entry, type Member, nothingUnpacked, type Unpacked } from "./archive.ts";
import { le32 } from "./bytes.ts";
import { unpackBzip2 } from "./bzip2.ts";
import { inflate, inflateHead } from "./inflate.ts";
import { type Budget, takeEntry } from "./limits.ts";
import { readName } from "./name.ts";
import { isXz, unpackLzmaAlone, unpackXz } from "./xz.ts";

/** Original name in the header (2.3.1); "" without. */
function innerName(bytes: Buffer, budget: Budget): string {
  const flags = bytes[3] ?? 0;
  if ((flags & 8) === 0) return "";
  const start = (flags & 4) === 0 ? 10 : 12 + (bytes[10] ?? 0) + (bytes[11] ?? 0) * 256;
  const end = bytes.indexOf(0, start);
  return end === -1 ? "" : readName(bytes, start, end - start, budget);
}

/** The name without the packer's extension: what a reader gets when the header has none. */
function strippedName(name: string): string {
  if (/\.(?:tgz|tzst|tbz2?|txz|tlz)$/i.test(name)) return `${name.slice(0, name.lastIndexOf("."))}.tar`;
  return /\.(?:gz|z|zst|bz2?|xz|lzma)$/i.test(name) ? name.slice(0, name.lastIndexOf(".")) : name;
}

type Kind = "gzip" | "zstd" | "bzip2" | "xz";

function archiveOf(kind: Kind, entry: Entry, unpack: (most: number) => Unpacked, budget: Budget): Archive {
  return { kind, members: takeEntry(budget) ? [{ entry, unpack }] : [], flaws: [] };
}

/** `name` is that of the file itself. */
export function readGzip(bytes: Buffer, name: string, budget: Budget): Archive {
  const inner = innerName(bytes, budget);
  const outer = strippedName(name);
  const size = bytes.length < 18 ? -1 : le32(bytes, bytes.length - 4);
  const shape = { size, packed: bytes.length, encrypted: false, directory: false, method: "deflate" };
  const unpack = (most: number) => (most <= 4096 ? inflateHead(bytes, "gzip", most) : inflate(bytes, "gzip", most));
  const archive = archiveOf("gzip", { name: inner === "" ? outer : inner, ...shape }, unpack, budget);
  // Readers name the file by either. The ending of a name that was not packed by it means nothing.
  const differs = inner !== "" && outer !== name && extensionOf(inner) !== extensionOf(outer);
  if (!differs || extensionOf(outer) === "" || !takeEntry(budget)) return archive;
  const other: Member = { entry: { name: outer, ...shape, alias: true }, unpack };
  return { ...archive, members: [...archive.members, other] };
}

/** Somewhat less than the largest block of bzip2 holds. */
const firstBlock = 880_000;

/** Zstd, bzip2, xz or lzma. */
export function readPacked(kind: "zstd" | "bzip2" | "xz", bytes: Buffer, name: string, budget: Budget): Archive {
  const shape = { size: -1, packed: bytes.length, encrypted: false, directory: false, method: kind };
  let known: Unpacked = nothingUnpacked;
  const unpack = (most: number): Unpacked => {
    if (kind === "zstd") return inflate(bytes, "zstd", most);
    if (kind === "bzip2") {
      // The first block comes out as a whole, whatever was asked for: it is kept.
      const more =
        known.whole || known.bytes.length >= most ? known : unpackBzip2(bytes, Math.max(most, firstBlock), budget);
      if (more.bytes.length > known.bytes.length) known = more;
      const { bytes: all, whole, work } = known;
      return { bytes: all.subarray(0, most), whole: whole && all.length <= most, work: Math.min(work, most) };
    }
    return isXz(bytes) ? unpackXz(bytes, most, budget) : unpackLzmaAlone(bytes, most, budget);
  };
  return archiveOf(kind, { name: strippedName(name), ...shape }, unpack, budget);
}
