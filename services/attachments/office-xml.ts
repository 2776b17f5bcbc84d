// New Office documents (ECMA-376): parts in a zip.

import type { Member } from "../../shared/archive/archive.ts";
import { defaultArchiveLimits, newBudget } from "../../shared/archive/limits.ts";
import { readZip } from "../../shared/archive/zip.ts";
import { readCompoundFile } from "./compound-file.ts";
import { type Effort, spend } from "./effort.ts";
import { addMacros } from "./office-binary.ts";
import { noFindings, type OfficeFindings, type OfficeLimits } from "./office-findings.ts";
import { embeddedProgram } from "./package.ts";

/** Relations that fetch what they point to when the document is opened. Hyperlinks wait for a click. */
const fetched = /\/(?:attachedTemplate|oleObject|frame|subDocument|externalLink|image)$/;
/** Places outside this machine. */
const remote = /^(?:https?:|ftp:|mhtml:|\\\\|file:(?:\/\/|\\\\)[^/\\])/i;
/** A picture from elsewhere is only a tracker. */
const harmless = /\/image$/;

function attribute(tag: string, name: string): string {
  return new RegExp(`\\s${name}\\s*=\\s*["']([^"']{0,2048})`).exec(tag)?.[1] ?? "";
}

/** Target of the first relation that fetches from elsewhere. */
function externalTarget(xml: string): string {
  for (const [tag] of xml.matchAll(/<Relationship\s[^<>]{1,8192}>/g)) {
    if (attribute(tag, "TargetMode") !== "External") continue;
    const type = attribute(tag, "Type");
    const target = attribute(tag, "Target").replaceAll("&amp;", "&");
    if (!fetched.test(type) || harmless.test(type)) continue;
    // A workbook that refers to another is usual, unless it is on a server of somebody else's.
    if (remote.test(target) && !/^file:\/\/\//i.test(target)) return target;
  }
  return "";
}

/** Field codes of a text: pieces of one may stand in several runs. */
function hasDdeField(xml: string): boolean {
  let code = "";
  for (const [, simple, piece] of xml.matchAll(
    /<w:fldSimple\s[^<>]{0,200}?w:instr="([^"]{0,4096})|<w:instrText[^<>]{0,200}>([^<]{0,4096})/g,
  )) {
    code += simple === undefined ? (piece ?? "") : ` ${simple} `;
    if (code.length > 65_536) break;
  }
  return /(?:^|[\s"])DDE(?:AUTO)?[\s"]/i.test(code);
}

interface Reader {
  readonly limits: OfficeLimits;
  readonly findings: OfficeFindings;
  readonly effort: Effort;
  /** Bytes that may still be unpacked. */
  left: number;
}

/** What it costs to list a part, and to unpack a byte of one and look at it. */
const listCost = 300;
const unpackedCost = 4;
const leastBytes = 4096;

function readPart(reader: Reader, member: Member): Buffer {
  const { effort, left, limits } = reader;
  const most = Math.max(0, Math.min(left, limits.partBytes, Math.ceil(effort.left / unpackedCost)));
  // Less is not worth to begin with.
  if (most < leastBytes) {
    reader.findings.limited = true;
    return Buffer.alloc(0);
  }
  const { bytes, whole, work } = member.unpack(most);
  reader.left -= work;
  spend(effort, work * unpackedCost);
  if (!whole) reader.findings.limited = true;
  return bytes;
}

function readCompoundPart(reader: Reader, member: Member): void {
  const file = readCompoundFile(readPart(reader, member), reader.effort);
  if (file === null) return;
  addMacros(file, reader.limits, reader.findings, reader.effort);
  reader.findings.program ||= embeddedProgram(file);
}

function lookAt(reader: Reader, member: Member): void {
  const { findings } = reader;
  const name = member.entry.name.toLowerCase();
  if (/\/macrosheets\/[^/]{1,100}\.xml$/.test(name)) findings.macro = true;
  if (name.endsWith(".rels")) findings.external ||= externalTarget(readPart(reader, member).toString("utf8"));
  // Named vbaProject.bin by Office, and by nobody who wants to hide it: any .bin may be one.
  else if (name.endsWith(".bin") && !/printersettings/.test(name)) readCompoundPart(reader, member);
  else if (/^word\/(?:document|header|footer|footnotes|endnotes)\d{0,6}\.xml$/.test(name)) {
    findings.dde ||= hasDdeField(readPart(reader, member).toString("utf8"));
  } else if (/^xl\/externallinks\/[^/]{1,100}\.xml$/.test(name)) {
    findings.dde ||= /<(?:\w{1,20}:)?ddeLink\s/.test(readPart(reader, member).toString("utf8"));
  } else if (name === "xl/workbook.xml") {
    const auto = /<definedName\s[^<>]{0,300}name="_xlnm\.(Auto_(?:Open|Close))/i.exec(
      readPart(reader, member).toString("utf8"),
    );
    findings.autorun ||= auto?.[1]?.toLowerCase() ?? "";
  }
}

/** Parts that are listed, and looked at. */
const listed = { ...defaultArchiveLimits, entries: 2000 };
const maxParts = 500;

/** Reads a document. Never throws. */
export function readXmlOffice(content: Buffer, limits: OfficeLimits, effort: Effort): OfficeFindings {
  const findings = noFindings();
  const bytes = content.subarray(0, limits.documentBytes);
  const reader: Reader = { limits, findings, effort, left: limits.documentBytes };
  const budget = newBudget(listed);
  const { members } = readZip(bytes, budget);
  spend(effort, members.length * listCost);
  for (const member of members.slice(0, maxParts)) lookAt(reader, member);
  findings.encrypted = members.some(({ entry }) => entry.encrypted);
  findings.limited ||=
    members.length > maxParts || bytes.length < content.length || reader.left <= 0 || effort.left <= 0;
  return findings;
}
