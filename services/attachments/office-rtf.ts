// Rich text: objects, fields and templates. Only what Word acts on by itself is looked at.

import { hexDigit } from "../../shared/message/hex.ts";
import { noFindings, type OfficeFindings, type OfficeLimits } from "./office-findings.ts";
import { programOf } from "./package.ts";

/** Hex digits of one object that are decoded, and objects that are looked at. */
const objectBytes = 16 * 1024;
const maxObjects = 50;

/** From the class "Package" to its data: the class itself, and two empty names. The size of the data comes first. */
const packageHead = 16;

/** Bytes of the hex digits from `at` on. Word skips whatever stands between them: blanks, groups, control words. */
function decodeObject(text: string, start: number): Buffer {
  const bytes = Buffer.alloc(objectBytes);
  let length = 0;
  let high = -1;
  let depth = 0;
  const end = Math.min(text.length, start + objectBytes * 4);
  for (let at = start; at < end && length < bytes.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 123) depth++;
    else if (code === 125) {
      if (depth-- === 0) break;
    } else if (code === 92) {
      at++;
      while (at < end && /[a-z0-9*'-]/i.test(text[at] ?? "")) at++;
      at--;
    } else {
      const digit = hexDigit(code);
      if (digit < 0) continue;
      if (high < 0) high = digit;
      else {
        bytes[length++] = high * 16 + digit;
        high = -1;
      }
    }
  }
  return bytes.subarray(0, length);
}

/** Class of an embedded object (MS-OLEDS, 2.2.4): a length and a name behind version and format. */
function classOf(object: Buffer): string {
  const name = object.subarray(12, 12 + 40);
  const end = name.indexOf(0);
  return name.toString("latin1", 0, end === -1 ? 0 : end).replace(/[^\w.]/g, "");
}

/** Controls that old versions of Word load without asking, to be attacked through them. */
const attacked = /equation\.[23]|otkloadr|mscomctllib|word\.document\.8.{0,3}macro/i;

/** Reads rich text. Never throws. */
export function readRichText(content: Buffer, limits: OfficeLimits): OfficeFindings {
  const findings = noFindings();
  const bytes = content.subarray(0, limits.documentBytes);
  findings.limited = bytes.length < content.length;
  const text = bytes.toString("latin1");
  let looked = 0;
  for (let at = text.indexOf("\\objdata"); at !== -1; at = text.indexOf("\\objdata", at + 8)) {
    if (looked++ >= maxObjects) {
      findings.limited = true;
      break;
    }
    const object = decodeObject(text, at + 8);
    findings.object ||= classOf(object) || "object";
    const head = object.toString("latin1");
    const attack = attacked.exec(head)?.[0];
    if (attack !== undefined) findings.exploit ||= attack.toLowerCase();
    const mark = head.indexOf("Package\0");
    if (mark !== -1) findings.program ||= programOf(object.subarray(mark + packageHead));
  }
  if (findings.object !== "" && text.includes("\\objupdate")) findings.exploit ||= "objupdate";
  const template = /\{\\\*\\template\s{1,10}([^{}]{1,500})/.exec(text)?.[1]?.trim() ?? "";
  if (/^(?:https?:|ftp:|\\\\)/i.test(template)) findings.external = template;
  if (/\\fldinst\b[^}]{0,40}\bDDE(?:AUTO)?\s/i.test(text)) findings.dde = true;
  return findings;
}
