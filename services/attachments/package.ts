// Files that are embedded in a document as a "package" (MS-OLEDS, 2.3.6): a click runs them.

import { endingOf } from "../../shared/message/file-name.ts";
import { detectType } from "../../shared/message/file-type.ts";
import type { CompoundFile } from "./compound-file.ts";

/** What runs when it is opened from within a document. */
const programs = new Set(
  "bat chm cmd com cpl exe hta jar js jse lnk msc msi pif ps1 reg scr sct vbe vbs wsc wsf".split(" "),
);
/** Bytes of a package that are looked at: its names, and the first of the file. */
const headBytes = 4096;
/** Packages that are looked at. */
const maxPackages = 50;

/** Name of a file in a package: two strings stand there, a label and a path. */
function packagedName(head: Buffer): string {
  const label = head.subarray(6).indexOf(0);
  if (label === -1 || label > 260) return "";
  return head.toString("latin1", 6, 6 + label);
}

/** Whether the head of a package is that of a program; its name then, else "". */
export function programOf(head: Buffer): string {
  const name = packagedName(head);
  if (programs.has(endingOf(name).last)) return name;
  const mark = head.indexOf("MZ", 0, "latin1");
  const isProgram = mark !== -1 && detectType(head.subarray(mark)) === "application/vnd.microsoft.portable-executable";
  return isProgram ? name || "program" : "";
}

/** Name of the first program among the packages of a compound file; "" without. */
export function embeddedProgram({ streams }: CompoundFile): string {
  let looked = 0;
  for (const stream of streams) {
    if (stream.name.toLowerCase() !== "\x01ole10native" || looked++ > maxPackages) continue;
    const name = programOf(stream.read(headBytes));
    if (name !== "") return name;
  }
  return "";
}
