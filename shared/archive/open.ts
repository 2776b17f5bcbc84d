// Bytes -> an archive, by what they are and not by what they are called.

import type { Archive } from "./archive.ts";
import { isArj, readArj } from "./arj.ts";
import { standsAt } from "./bytes.ts";
import { isBzip2 } from "./bzip2.ts";
import { readCab } from "./cab.ts";
import { readGzip, readPacked } from "./gzip.ts";
import { isDisc, readDisc } from "./iso.ts";
import type { Budget } from "./limits.ts";
import { isMail, readMail } from "./mail.ts";
import { readRar } from "./rar.ts";
import { readSevenZip } from "./seven-zip.ts";
import { isTar, readTar } from "./tar.ts";
import { isTnef, readTnef } from "./tnef.ts";
import { isLzmaAlone, isXz } from "./xz.ts";
import { readZip } from "./zip.ts";

/** A program that unpacks itself: the archive stands within so many of its first bytes. */
const selfExtracting = 2 * 1024 * 1024;

/** Opens an archive; null for what is none. `name` is that of the file. Never throws. */
export function openArchive(bytes: Buffer, name: string, budget: Budget): Archive | null {
  if (standsAt(bytes, 0, "PK\x03\x04") || standsAt(bytes, 0, "PK\x05\x06") || standsAt(bytes, 0, "PK\x07\x08")) {
    return readZip(bytes, budget);
  }
  if (standsAt(bytes, 0, "Rar!\x1a\x07")) return readRar(bytes, budget);
  if (standsAt(bytes, 0, "7z\xbc\xaf\x27\x1c")) return readSevenZip(bytes, budget);
  if (standsAt(bytes, 0, "\x1f\x8b\x08")) return readGzip(bytes, name, budget);
  if (standsAt(bytes, 0, "\x28\xb5\x2f\xfd")) return readPacked("zstd", bytes, name, budget);
  if (isBzip2(bytes)) return readPacked("bzip2", bytes, name, budget);
  if (isXz(bytes) || (isLzmaAlone(bytes) && /\.(?:lzma|tlz)$/i.test(name)))
    return readPacked("xz", bytes, name, budget);
  if (standsAt(bytes, 0, "MSCF")) return readCab(bytes, budget);
  if (isTnef(bytes)) return readTnef(bytes, budget);
  if (isMail(bytes, name)) return readMail(bytes, budget);
  if (isArj(bytes)) return readArj(bytes, budget);
  if (isDisc(bytes)) return readDisc(bytes, budget);
  return isTar(bytes) ? readTar(bytes, budget) : openBehind(bytes, name, budget);
}

/** A zip, rar or 7z with other bytes before it: readers open it by name all the same. */
function openBehind(bytes: Buffer, name: string, budget: Budget): Archive | null {
  const named = /\.(?:zip|rar|7z|exe|com|scr|cmd)$/i.test(name) || standsAt(bytes, 0, "MZ");
  if (!named) return null;
  if (bytes.includes("PK\x05\x06", Math.max(0, bytes.length - 66_000), "latin1")) return readZip(bytes, budget);
  const head = bytes.subarray(0, selfExtracting);
  for (const [mark, read] of behind) {
    const at = head.indexOf(mark, 0, "latin1");
    if (at <= 0) continue;
    const { flaws, ...archive } = read(bytes.subarray(at), budget);
    return { ...archive, flaws: [...flaws, "prepended"] };
  }
  return null;
}

const behind: readonly (readonly [mark: string, read: (bytes: Buffer, budget: Budget) => Archive])[] = [
  ["Rar!\x1a\x07", readRar],
  ["7z\xbc\xaf\x27\x1c", readSevenZip],
];
