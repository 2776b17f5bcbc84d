// New Office documents (ECMA-376): parts in a zip.

import type { Member } from "../../shared/archive/archive.ts";
import { defaultArchiveLimits, newBudget } from "../../shared/archive/limits.ts";
import { readZip } from "../../shared/archive/zip.ts";
import { detectType } from "../../shared/message/file-type.ts";
import { readCompoundFile } from "./compound-file.ts";
import { type Effort, spend } from "./effort.ts";
import { addMacros } from "./office-binary.ts";
import { noFindings, type OfficeFindings, type OfficeLimits } from "./office-findings.ts";
import { addRelations, noRelations, type Relations, xmlText } from "./office-relations.ts";
import { readRichText } from "./office-rtf.ts";
import { embeddedProgram } from "./package.ts";

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
  readonly relations: Relations;
  /** Documents around this one. */
  readonly depth: number;
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
  addCompound(reader, readPart(reader, member));
}

function addCompound(reader: Reader, bytes: Buffer): void {
  const file = readCompoundFile(bytes, reader.effort);
  if (file === null) return;
  addMacros(file, reader.limits, reader.findings, reader.effort);
  reader.findings.program ||= embeddedProgram(file);
}

/** Parts of Word that are its text; those that lie elsewhere than Word puts them may be. */
const wordText = /^word\/(?:document|header|footer|footnotes|endnotes|comments)\d{0,6}\.xml$/;
const otherFolders = /^(?:word|xl|ppt|docprops|customxml|_rels|meta-inf)\/|^\[content_types\]\.xml$/;
const pictures = /\.(?:png|jpe?g|gif|bmp)$/;
/** Modules of OpenDocument (ODF 1.3, part 3); the others list them. */
const openModule = /^basic\/.{1,200}\.(?:xml|xba)$/;
/** Pictures that are kept. */
const maxPictures = 20;

function lookAt(reader: Reader, member: Member, name: string): void {
  const { findings, relations } = reader;
  const readText = () => xmlText(readPart(reader, member));
  if (/\/macrosheets\/[^/]{1,100}\.(?:xml|bin)$/.test(name)) findings.macro = true;
  if (openModule.test(name) && !/script-l[bc]\.xml$/.test(name)) findings.macro = true;
  if (name.endsWith(".rels")) addRelations(readText(), relations);
  // Named vbaProject.bin by Office, and by nobody who wants to hide it: any .bin may be one.
  else if (name.endsWith(".bin") && !/printersettings/.test(name)) readCompoundPart(reader, member);
  else if (wordText.test(name) || (name.endsWith(".xml") && !otherFolders.test(name))) {
    findings.dde ||= hasDdeField(readText());
  } else if (/^xl\/externallinks\/[^/]{1,100}\.xml$/.test(name)) {
    findings.dde ||= /<(?:\w{1,20}:)?ddeLink\s/.test(readText());
  } else if (name === "xl/workbook.xml") {
    const auto = /<definedName\s[^<>]{0,300}name="_xlnm\.(Auto_(?:Open|Close))/i.exec(readText());
    findings.autorun ||= auto?.[1]?.toLowerCase() ?? "";
  } else if (pictures.test(name) && findings.pictures.length < maxPictures && name.includes("/")) {
    const picture = readPart(reader, member);
    if (picture.length > 0) findings.pictures.push(picture);
  }
}

/** Parts that the relations call code or documents, under whatever name. */
function lookAtRelated(reader: Reader, member: Member, name: string): void {
  const { findings, relations } = reader;
  const own = name.slice(name.lastIndexOf("/") + 1);
  if (relations.code.has(own)) {
    findings.macro = true;
    if (!own.endsWith(".bin")) readCompoundPart(reader, member);
  } else if (relations.documents.has(own) && reader.depth < maxDepth && !own.endsWith(".bin")) {
    const bytes = readPart(reader, member);
    const type = detectType(bytes);
    const { limits, effort } = reader;
    if (type === "application/rtf") addFindings(findings, readRichText(bytes, limits, effort));
    else if (type.startsWith("application/vnd.openxmlformats") || type === "application/zip") {
      addFindings(findings, readXmlOffice(bytes, limits, effort, reader.depth + 1));
    } else if (type === "application/x-ole-storage") addCompound(reader, bytes);
  }
}

/** Adds what a document within says. */
function addFindings(findings: OfficeFindings, inner: OfficeFindings): void {
  findings.macro ||= inner.macro;
  findings.autorun ||= inner.autorun;
  if (inner.suspicious.length > 0) findings.suspicious = inner.suspicious;
  findings.dde ||= inner.dde;
  findings.external ||= inner.external;
  findings.program ||= inner.program;
  findings.exploit ||= inner.exploit;
  findings.limited ||= inner.limited;
}

/** Documents within each other. */
const maxDepth = 2;

/** Parts that are listed, and looked at. */
const listed = { ...defaultArchiveLimits, entries: 2000 };
const maxParts = 500;

/** Reads a document; `depth` others are around it. Never throws. */
export function readXmlOffice(content: Buffer, limits: OfficeLimits, effort: Effort, depth = 0): OfficeFindings {
  const findings = noFindings();
  const bytes = content.subarray(0, limits.documentBytes);
  const relations = noRelations();
  const reader: Reader = { limits, findings, effort, relations, depth, left: limits.documentBytes };
  const budget = newBudget(listed);
  const { members } = readZip(bytes, budget);
  spend(effort, members.length * listCost);
  const parts = members.slice(0, maxParts).map((member) => ({ member, name: member.entry.name.toLowerCase() }));
  for (const { member, name } of parts) lookAt(reader, member, name);
  if (relations.code.size + relations.documents.size > 0) {
    for (const { member, name } of parts) lookAtRelated(reader, member, name);
  }
  findings.external ||= relations.external;
  findings.urls = [...relations.links];
  findings.encrypted = members.some(({ entry }) => entry.encrypted);
  findings.limited ||=
    members.length > maxParts || bytes.length < content.length || reader.left <= 0 || effort.left <= 0;
  return findings;
}
