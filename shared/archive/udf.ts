// UDF (ECMA-167, OSTA UDF 2.60): the list of files of a plain volume. Without virtual or sparable partitions.

import { type Archive, type Member, stored } from "./archive.ts";
import { be16, le16, le32, standsAt } from "./bytes.ts";
import { type Budget, takeEntry } from "./limits.ts";
import { limitName } from "./name.ts";

const sector = 2048;
const maxDepth = 16;
/** Descriptors of the volume, and extents of one file, that are looked at. */
const maxDescriptors = 64;
const maxExtents = 64;

const anchorTag = 2;
const partitionTag = 5;
const volumeTag = 6;
const fileSetTag = 256;
const nameTag = 257;
const fileTag = 261;
const extendedFileTag = 266;

/** NSR02 or NSR03 among the descriptors of the volume (ECMA-167, 3/9.1). */
export function isUdf(bytes: Buffer): boolean {
  for (let i = 16; i < 24; i++) if (standsAt(bytes, i * sector + 1, "NSR0")) return true;
  return false;
}

interface Extent {
  readonly start: number;
  readonly length: number;
}

interface FileInfo {
  readonly size: number;
  readonly directory: boolean;
  readonly extents: readonly Extent[];
}

/** The file whose entry stands in block `block` of the partition. */
function readFileEntry(bytes: Buffer, partition: number, block: number): FileInfo | null {
  const at = (partition + block) * sector;
  const tag = le16(bytes, at);
  if (tag !== fileTag && tag !== extendedFileTag) return null;
  const wide = tag === extendedFileTag;
  const directory = bytes[at + 16 + 11] === 4;
  const size = le32(bytes, at + 56) + le32(bytes, at + 60) * 4294967296;
  const attributes = le32(bytes, at + (wide ? 208 : 168));
  const length = le32(bytes, at + (wide ? 212 : 172));
  const start = at + (wide ? 216 : 176) + attributes;
  const form = le16(bytes, at + 16 + 18) & 7;
  if (form === 3) return { size, directory, extents: [{ start, length }] };
  const step = form === 0 ? 8 : 16;
  const extents: Extent[] = [];
  for (let i = 0; i + step <= Math.min(length, maxExtents * step); i += step) {
    const own = le32(bytes, start + i) % 0x40000000;
    if (own === 0) break;
    extents.push({ start: (partition + le32(bytes, start + i + 4)) * sector, length: own });
  }
  return { size, directory, extents };
}

/** Where the partition begins, and the block of the root folder in it. */
function findRoot(bytes: Buffer): { readonly partition: number; readonly root: number } | null {
  const anchor = 256 * sector;
  if (le16(bytes, anchor) !== anchorTag) return null;
  const sequence = le32(bytes, anchor + 20);
  let partition = -1;
  let fileSet = -1;
  for (let i = 0; i < maxDescriptors; i++) {
    const at = (sequence + i) * sector;
    const tag = le16(bytes, at);
    if (tag === 8 || tag === 0) break;
    if (tag === partitionTag) partition = le32(bytes, at + 188);
    if (tag === volumeTag) fileSet = le32(bytes, at + 248 + 4);
  }
  if (partition === -1 || fileSet === -1) return null;
  const at = (partition + fileSet) * sector;
  return le16(bytes, at) === fileSetTag ? { partition, root: le32(bytes, at + 400 + 4) } : null;
}

/** Names are in one or two bytes a char, as their first byte says (OSTA UDF, 2.1.1). */
function readDString(bytes: Buffer, start: number, length: number): string {
  let name = "";
  if (bytes[start] === 16) {
    for (let i = 1; i + 1 < length; i += 2) name += String.fromCharCode(be16(bytes, start + i));
    return name;
  }
  return bytes.toString("latin1", start + 1, start + length);
}

export function readUdf(bytes: Buffer, budget: Budget): Archive {
  const found = findRoot(bytes);
  if (found === null) return { kind: "iso", members: [], flaws: ["unreadable"] };
  const { partition, root } = found;
  const members: Member[] = [];
  const queue = [{ block: root, path: "", depth: 0 }];
  const seen = new Set<number>();
  for (const { block, path, depth } of queue) {
    if (seen.has(block) || depth > maxDepth) continue;
    seen.add(block);
    const folder = readFileEntry(bytes, partition, block);
    for (const { start, length } of folder?.extents ?? []) {
      const end = Math.min(bytes.length, start + length);
      let at = start;
      while (at + 38 <= end && le16(bytes, at) === nameTag) {
        const nameLength = bytes[at + 19] ?? 0;
        const used = le16(bytes, at + 36);
        const flags = bytes[at + 18] ?? 0;
        // Bit 3 is the folder above, bit 2 a deleted file.
        if (!takeEntry(budget)) return { kind: "iso", members, flaws: [] };
        if ((flags & 0x0c) === 0 && nameLength > 0) {
          const name = limitName(`${path}${readDString(bytes, at + 38 + used, nameLength)}`, budget);
          const target = le32(bytes, at + 24);
          members.push(memberOf(bytes, name, readFileEntry(bytes, partition, target)));
          if ((flags & 2) !== 0) queue.push({ block: target, path: `${name}/`, depth: depth + 1 });
        }
        at += (38 + used + nameLength + 3) & ~3;
      }
    }
  }
  return { kind: "iso", members, flaws: [] };
}

function memberOf(bytes: Buffer, name: string, info: FileInfo | null): Member {
  const size = info?.size ?? -1;
  const directory = info?.directory ?? false;
  const [first] = info?.extents ?? [];
  return {
    entry: { name, size, packed: size, encrypted: false, directory, method: "stored" },
    // Further extents are rare on a disc that is written once; the first is enough to tell what it is.
    unpack: (most) => stored(bytes, first?.start ?? 0, Math.min(size, first?.length ?? 0), most),
  };
}
