// Cabinet (MS-CAB): the list of files.

import { type Archive, type ArchiveFlaw, cannotUnpack, type Member } from "./archive.ts";
import { le16, le32 } from "./bytes.ts";
import { type Budget, takeEntry } from "./limits.ts";
import { readName } from "./name.ts";

export function readCab(bytes: Buffer, budget: Budget): Archive {
  const members: Member[] = [];
  const flaws = new Set<ArchiveFlaw>();
  const count = le16(bytes, 28);
  // Bits 0 and 1 name cabinets before and after this one (2.1).
  if ((le16(bytes, 30) & 3) !== 0) flaws.add("split");
  let at = le32(bytes, 16);
  for (let i = 0; i < count; i++) {
    const end = bytes.indexOf(0, at + 16);
    if (at + 17 > bytes.length || end === -1) {
      flaws.add(members.length === 0 ? "unreadable" : "truncated");
      break;
    }
    if (!takeEntry(budget)) break;
    const name = readName(bytes, at + 16, end - at - 16, budget).replaceAll("\\", "/");
    const entry = { name, size: le32(bytes, at), packed: -1, encrypted: false, directory: false, method: "cab" };
    members.push({ entry, unpack: cannotUnpack });
    at = end + 1;
  }
  return { kind: "cab", members, flaws: [...flaws] };
}
