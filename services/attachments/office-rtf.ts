// Rich text: objects, fields and templates. Only what Word acts on by itself is looked at.

import { hexDigit } from "../../shared/message/hex.ts";
import { type Effort, spend } from "./effort.ts";
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
      while (at + 1 < end && isControl(text.charCodeAt(at + 1))) at++;
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

/** Characters of a control word or symbol: letters, digits, "*", "'" and "-". */
function isControl(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 42 ||
    code === 39 ||
    code === 45
  );
}

/** Class of an embedded object (MS-OLEDS, 2.2.4): a length and a name behind version and format. */
function classOf(object: Buffer): string {
  const name = object.subarray(12, 12 + 40);
  const end = name.indexOf(0);
  return name.toString("latin1", 0, end === -1 ? 0 : end).replace(/[^\w.]/g, "");
}

/** Controls that old versions of Word load without asking, to be attacked through them. */
const attacked = /equation\.[23]|otkloadr|mscomctllib|ole2link|word\.document\.8.{0,3}macro/i;
/** The same, and links that fetch, by their class (MS-OAUT, 2.2.1): Equation 3.0, a moniker of a URL. */
const attackedClasses: readonly (readonly [string, string])[] = [
  ["\x02\xce\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46", "equation"],
  ["\xe0\xc9\xea\x79\xf9\xba\xce\x11\x8c\x82\0\xaa\0\x4b\xa9\x0b", "url-moniker"],
];

/** Text in which control words stand for characters: \\uN and \\'hh. What else stands there is left out. */
function plainText(text: string): string {
  return text
    .replace(/\\u(-?\d{1,6}) ?\??/g, (_, code) => String.fromCharCode(Number(code) & 0xffff))
    .replace(/\\'([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\\\/g, "\0")
    .replace(/\\[a-z]{1,32}-?\d{0,10} ?|[{}\r\n]/gi, "")
    .replaceAll("\0", "\\")
    .trim();
}

/** What it costs to look at a byte of a text, and at one of an object. */
const textCost = 2;
const objectCost = 2;
/** Fields that are looked at. */
const maxFields = 2000;

/** Whether a field starts a program: its kind stands behind its mark. */
function hasDdeField(text: string, findings: OfficeFindings): boolean {
  let looked = 0;
  for (let at = text.indexOf("\\fldinst"); at !== -1; at = text.indexOf("\\fldinst", at + 8)) {
    if (looked++ >= maxFields) {
      findings.limited = true;
      return false;
    }
    if (/^\\fldinst\b[^}]{0,40}\bDDE(?:AUTO)?\s/i.test(text.slice(at, at + 64))) return true;
  }
  return false;
}

/** Reads rich text. Never throws. */
export function readRichText(content: Buffer, limits: OfficeLimits, effort: Effort): OfficeFindings {
  const findings = noFindings();
  // However little effort there is, the beginning is looked at.
  const bytes = content.subarray(0, Math.min(limits.documentBytes, Math.max(65_536, effort.left / textCost)));
  spend(effort, bytes.length * textCost);
  findings.limited = bytes.length < content.length;
  const text = bytes.toString("latin1");
  let looked = 0;
  for (let at = text.indexOf("\\objdata"); at !== -1; at = text.indexOf("\\objdata", at + 8)) {
    if (looked++ >= maxObjects || !spend(effort, objectBytes * 4 * objectCost)) {
      findings.limited = true;
      break;
    }
    const object = decodeObject(text, at + 8);
    findings.object ||= classOf(object) || "object";
    const head = object.toString("latin1");
    const attack = attacked.exec(head)?.[0];
    if (attack !== undefined) findings.exploit ||= attack.toLowerCase();
    for (const [id, name] of attackedClasses) if (head.includes(id)) findings.exploit ||= name;
    const mark = head.indexOf("Package\0");
    if (mark !== -1) findings.program ||= programOf(object.subarray(mark + packageHead));
  }
  if (findings.object !== "" && text.includes("\\objupdate")) findings.exploit ||= "objupdate";
  const template = plainText(/\\\*[\s{}]{0,20}\\template\b([^{}]{1,4000})/.exec(text)?.[1] ?? "");
  if (/^(?:https?:|ftp:|\\\\)/i.test(template)) findings.external = template;
  if (hasDdeField(text, findings)) findings.dde = true;
  return findings;
}
