// Files of private keys: looked at each time one is needed, read when they have changed, kept within a limit.

import type { KeyObject } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { toFault } from "../../../shared/fault.ts";
import { parsePrivateKey } from "./private-key.ts";

/** Bytes. The PEM of an RSA key of 4,096 bits has 3,300. */
const largestFile = 65_536;
const mostKept = 2_000;

interface Kept {
  readonly stamp: string;
  readonly key: KeyObject | string;
}

const kept = new Map<string, Kept>();

/** `domain` and `selector` are host names in ASCII: they hold no "/", and no label of dots. */
export function fillPath(path: string, domain: string, selector: string): string {
  return path.replaceAll("$domain", () => domain).replaceAll("$selector", () => selector);
}

/** The key; null when there is no such file; a text, with the file in it, is why it cannot be used. Never throws. */
export function readKeyFile(file: string): KeyObject | string | null {
  let stamp: string;
  let text: string;
  try {
    const stat = statSync(file, { throwIfNoEntry: false, bigint: true });
    if (stat === undefined) return null;
    // Differs when the file was written or replaced.
    stamp = `${stat.ino} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.size}`;
    const known = kept.get(file);
    if (known?.stamp === stamp) return touch(file, known);
    // A named pipe or a device would never end.
    if (!stat.isFile()) return `${file} is not a file`;
    if (stat.size > largestFile) return `${file} is larger than ${largestFile} bytes: that is no key`;
    text = readFileSync(file, "latin1");
  } catch (thrown) {
    // Not kept: it may be for lack of descriptors.
    const { message } = toFault(thrown);
    return message.includes(file) ? message : `${file}: ${message}`;
  }
  return touch(file, { stamp, key: parse(file, text) });
}

/** Keeps an entry as the one that was used last. */
function touch(file: string, entry: Kept): KeyObject | string {
  kept.delete(file);
  for (const oldest of kept.keys()) {
    if (kept.size < mostKept) break;
    kept.delete(oldest);
  }
  kept.set(file, entry);
  return entry.key;
}

function parse(file: string, text: string): KeyObject | string {
  try {
    return parsePrivateKey(text);
  } catch (thrown) {
    return `${file}: ${toFault(thrown).message}`;
  }
}
