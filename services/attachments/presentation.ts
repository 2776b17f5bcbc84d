// Old presentations: what is embedded in PowerPoint's records is a compound file of its own each time, packed. The macros
// are one of them (MS-PPT, 2.13.24).

import { le16, le32 } from "../../shared/archive/bytes.ts";
import { inflate } from "../../shared/archive/inflate.ts";
import { type CompoundFile, readCompoundFile } from "./compound-file.ts";
import { type Effort, spend } from "./effort.ts";

/** Before each record: version and instance in two bytes, its type, its length (2.3.1). */
const headSize = 8;
/** RT_ExternalOleObjectStg. */
const storage = 0x1011;
/** Embedded files that are looked at. */
const maxFiles = 50;
/** What it costs to pass a record, and to make a byte of what is packed. */
const recordCost = 5;
const byteCost = 1;

export interface EmbeddedFiles {
  readonly files: readonly CompoundFile[];
  readonly limited: boolean;
}

/** The compound files in the stream "PowerPoint Document", each of at most `most` bytes. They stand at its top level. */
export function embeddedFiles(bytes: Buffer, most: number, effort: Effort): EmbeddedFiles {
  const files: CompoundFile[] = [];
  let limited = false;
  let at = 0;
  while (at + headSize <= bytes.length) {
    if (files.length >= maxFiles || !spend(effort, recordCost)) return { files, limited: true };
    const content = at + headSize;
    const end = content + le32(bytes, at + 4);
    if (le16(bytes, at + 2) === storage) {
      const whole = unpacked(le16(bytes, at) >> 4, bytes.subarray(content, end), most, effort);
      limited ||= whole.length >= most;
      const file = readCompoundFile(whole, effort);
      if (file !== null) files.push(file);
    }
    at = end;
  }
  return { files, limited };
}

/** By its instance a record is the file as it is, or the length that it should have and the file packed by zlib. */
function unpacked(instance: number, content: Buffer, most: number, effort: Effort): Buffer {
  if (instance === 0) return content.subarray(0, most);
  const { bytes, work } = inflate(content.subarray(4), "zlib", Math.min(most, Math.ceil(effort.left / byteCost)));
  spend(effort, work * byteCost);
  return bytes;
}
