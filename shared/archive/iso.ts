// Images of discs: ISO 9660 (ECMA-119) with Joliet's names; `udf.ts` reads those that are UDF alone.

import { type Archive, type ArchiveFlaw, type Member, stored } from "./archive.ts";
import { be16, le32, standsAt } from "./bytes.ts";
import { type Budget, takeEntry } from "./limits.ts";
import { limitName, readName } from "./name.ts";
import { isUdf, readUdf } from "./udf.ts";

const sector = 2048;
const firstDescriptor = 16;
/** Descriptors that are looked at. */
const descriptors = 32;
/** Folders within each other (ECMA-119, 6.8.2.1 allows 8). */
const maxDepth = 16;

/** Whether a disc image begins here. */
export function isDisc(bytes: Buffer): boolean {
  return standsAt(bytes, 0x8001, "CD001") || isUdf(bytes);
}

interface Folder {
  readonly start: number;
  readonly length: number;
  readonly path: string;
  readonly depth: number;
}

export function readDisc(bytes: Buffer, budget: Budget): Archive {
  let root = 0;
  let wide = false;
  for (let i = firstDescriptor; i < firstDescriptor + descriptors; i++) {
    const at = i * sector;
    if (!standsAt(bytes, at + 1, "CD001")) break;
    const kind = bytes[at];
    if (kind === 255) break;
    if (kind === 1 && root === 0) root = at + 156;
    // Joliet: escape sequences of UCS-2.
    if (kind === 2 && standsAt(bytes, at + 88, "%/")) {
      root = at + 156;
      wide = true;
    }
  }
  const members: Member[] = [];
  const flaws = new Set<ArchiveFlaw>();
  if (root !== 0) readFolders(bytes, root, wide, members, flaws, budget);
  // A disc may have both, and Windows shows the other one.
  if (isUdf(bytes)) {
    const other = readUdf(bytes, budget);
    const known = new Set(members.map(({ entry }) => entry.name.toLowerCase()));
    members.push(...other.members.filter(({ entry }) => !known.has(entry.name.toLowerCase())));
    for (const flaw of other.flaws) if (flaw !== "unreadable" || members.length === 0) flaws.add(flaw);
  }
  if (members.length === 0) flaws.add("unreadable");
  return { kind: "iso", members, flaws: [...flaws] };
}

function readFolders(
  bytes: Buffer,
  root: number,
  wide: boolean,
  members: Member[],
  flaws: Set<ArchiveFlaw>,
  budget: Budget,
): void {
  const queue: Folder[] = [
    { start: le32(bytes, root + 2) * sector, length: le32(bytes, root + 10), path: "", depth: 0 },
  ];
  const seen = new Set<number>();
  for (const folder of queue) {
    // A folder that holds itself is read once.
    if (seen.has(folder.start) || folder.depth > maxDepth) continue;
    seen.add(folder.start);
    const end = Math.min(bytes.length, folder.start + folder.length);
    if (folder.start + folder.length > bytes.length) flaws.add("truncated");
    let at = folder.start;
    while (at < end) {
      // Whatever stands there costs an entry, so that folders which share their bytes are not free.
      if (!takeEntry(budget)) return;
      const length = bytes[at] ?? 0;
      // Records do not cross sectors.
      if (length < 34) {
        at = (Math.floor(at / sector) + 1) * sector;
        continue;
      }
      const nameLength = bytes[at + 32] ?? 0;
      const isSelf = nameLength === 1 && (bytes[at + 33] ?? 0) <= 1;
      if (!isSelf) {
        const name = limitName(`${folder.path}${fileName(bytes, at + 33, nameLength, wide, budget)}`, budget);
        const start = le32(bytes, at + 2) * sector;
        const size = le32(bytes, at + 10);
        const directory = ((bytes[at + 25] ?? 0) & 2) !== 0;
        if (directory) queue.push({ start, length: size, path: `${name}/`, depth: folder.depth + 1 });
        const entry = { name, size, packed: size, encrypted: false, directory, method: "stored" };
        members.push({ entry, unpack: (most) => stored(bytes, start, size, most) });
      }
      at += length;
    }
  }
}

/** Names end in a version: ";1". */
function fileName(bytes: Buffer, start: number, length: number, wide: boolean, budget: Budget): string {
  let name = "";
  if (wide) for (let i = 0; i + 1 < length; i += 2) name += String.fromCharCode(be16(bytes, start + i));
  else name = readName(bytes, start, length, budget);
  return name.replace(/\.?;\d{1,5}$/, "");
}
