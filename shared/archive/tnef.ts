// TNEF (MS-OXTNEF), the winmail.dat of Outlook: the files attached to a mail, in a list of attributes.

import { type Archive, type ArchiveFlaw, type Entry, type Member, stored } from "./archive.ts";
import { le16, le32, standsAt } from "./bytes.ts";
import { type Budget, takeEntry } from "./limits.ts";
import { readName, readWideName } from "./name.ts";

/** Attributes (2.1.3.3): the begin of a file, its data, its name, and its properties. */
const renderData = 0x9002;
const attachData = 0x800f;
const attachTitle = 0x8010;
const attachment = 0x9005;

/** PidTagAttachLongFilename, as the low half of its type and the tag stand in the bytes: of one or of two bytes a char. */
const longName = /\x1e\0\x07\x37\x01\0\0\0|\x1f\0\x07\x37\x01\0\0\0/;
/** Bytes of the properties in which the name is looked for. */
const propertyBytes = 16 * 1024;

export function isTnef(bytes: Uint8Array): boolean {
  return standsAt(bytes, 0, "\x78\x9f\x3e\x22");
}

/** The long name among the properties of a file; "" without. */
function nameIn(bytes: Buffer, start: number, length: number, budget: Budget): string {
  const end = Math.min(bytes.length, start + Math.min(length, propertyBytes));
  const found = longName.exec(bytes.toString("latin1", start, end));
  if (found === null) return "";
  const at = start + found.index + found[0].length;
  const size = Math.min(le32(bytes, at), end - at);
  const wide = found[0].startsWith("\x1f");
  const name = wide ? readWideName(bytes, at + 4, size, budget) : readName(bytes, at + 4, size, budget);
  return name.replace(/\0+$/, "");
}

interface File {
  title: string;
  name: string;
  start: number;
  length: number;
}

function memberOf(bytes: Buffer, name: string, { start, length }: File, alias: boolean): Member {
  const shape = { size: length, packed: length, encrypted: false, directory: false, method: "stored" };
  const entry: Entry = alias ? { name, ...shape, alias } : { name, ...shape };
  return { entry, unpack: (most) => stored(bytes, start, length, most) };
}

export function readTnef(bytes: Buffer, budget: Budget): Archive {
  const files: File[] = [];
  const flaws = new Set<ArchiveFlaw>();
  // Behind the mark a key of two bytes; then attributes: level, id, kind, length, data, check sum.
  for (let at = 6; at + 9 <= bytes.length; ) {
    if (!takeEntry(budget)) break;
    const id = le16(bytes, at + 1);
    const length = le32(bytes, at + 5);
    const start = at + 9;
    if (id === renderData) files.push({ title: "", name: "", start, length: 0 });
    const file = files.at(-1);
    if (file !== undefined && id === attachTitle)
      file.title = readName(bytes, start, length, budget).replace(/\0+$/, "");
    if (file !== undefined && id === attachData) Object.assign(file, { start, length });
    if (file !== undefined && id === attachment) file.name = nameIn(bytes, start, length, budget);
    at = start + length + 2;
    if (at > bytes.length) flaws.add("truncated");
  }
  const members = files.flatMap((file) => {
    const names = [...new Set([file.name, file.title])].filter((name) => name !== "");
    return (names.length === 0 ? [""] : names).map((name, i) => memberOf(bytes, name, file, i > 0));
  });
  return { kind: "tnef", members, flaws: [...flaws] };
}
