// Gzip (RFC 1952) and zstd: one file, packed.

import type { Archive, Entry, Unpacked } from "./archive.ts";
import { le32 } from "./bytes.ts";
import { inflate, inflateHead } from "./inflate.ts";
import { type Budget, takeEntry } from "./limits.ts";
import { readName } from "./name.ts";

/** Original name in the header (2.3.1); "" without. */
function innerName(bytes: Buffer, budget: Budget): string {
  const flags = bytes[3] ?? 0;
  if ((flags & 8) === 0) return "";
  const start = (flags & 4) === 0 ? 10 : 12 + (bytes[10] ?? 0) + (bytes[11] ?? 0) * 256;
  const end = bytes.indexOf(0, start);
  return end === -1 ? "" : readName(bytes, start, end - start, budget);
}

/** The name without the packer's extension: what a reader gets when the header has none. */
export function strippedName(name: string): string {
  if (/\.(?:tgz|tzst)$/i.test(name)) return `${name.slice(0, name.lastIndexOf("."))}.tar`;
  return /\.(?:gz|z|zst)$/i.test(name) ? name.slice(0, name.lastIndexOf(".")) : name;
}

function archiveOf(kind: "gzip" | "zstd", entry: Entry, unpack: (most: number) => Unpacked, budget: Budget): Archive {
  return { kind, members: takeEntry(budget) ? [{ entry, unpack }] : [], flaws: [] };
}

/** `name` is that of the file itself. */
export function readGzip(bytes: Buffer, name: string, budget: Budget): Archive {
  const inner = innerName(bytes, budget);
  const size = bytes.length < 18 ? -1 : le32(bytes, bytes.length - 4);
  const shape = { size, packed: bytes.length, encrypted: false, directory: false, method: "deflate" };
  const entry: Entry = { name: inner === "" ? strippedName(name) : inner, ...shape };
  const unpack = (most: number) => (most <= 4096 ? inflateHead(bytes, "gzip", most) : inflate(bytes, "gzip", most));
  return archiveOf("gzip", entry, unpack, budget);
}

export function readZstd(bytes: Buffer, name: string, budget: Budget): Archive {
  const shape = { size: -1, packed: bytes.length, encrypted: false, directory: false, method: "zstd" };
  return archiveOf("zstd", { name: strippedName(name), ...shape }, (most) => inflate(bytes, "zstd", most), budget);
}
