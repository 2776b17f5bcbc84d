// Old Office documents: Word, Excel and PowerPoint in a compound file; and new ones that are encrypted.

import { le16, le32 } from "../../shared/archive/bytes.ts";
import { type CompoundFile, readCompoundFile, type Stream } from "./compound-file.ts";
import { type Effort, spend } from "./effort.ts";
import { judgeMacros } from "./macro-judge.ts";
import { readMacros } from "./macro-source.ts";
import { noFindings, type OfficeFindings, type OfficeLimits } from "./office-findings.ts";
import { embeddedProgram } from "./package.ts";
import { embeddedFiles } from "./presentation.ts";

/** What it costs to unpack and judge a byte of a macro's source, and to look at one of a stream. */
const sourceCost = 30;
const textCost = 2;

/** Reads the macros of a compound file into the findings: a document, or the vbaProject.bin of a new one. */
export function addMacros(file: CompoundFile, limits: OfficeLimits, findings: OfficeFindings, effort: Effort): void {
  const { present, source, limited } = readMacros(
    file,
    Math.min(limits.macroBytes, Math.ceil(effort.left / sourceCost)),
  );
  spend(effort, source.length * sourceCost);
  if (!present) return;
  const { autorun, suspicious } = judgeMacros(source);
  findings.macro = true;
  findings.limited ||= limited;
  findings.autorun ||= autorun;
  if (suspicious.length > 0) findings.suspicious = suspicious;
}

function find(streams: readonly Stream[], name: string): Stream | undefined {
  return streams.find((stream) => stream.name.toLowerCase() === name);
}

/** Field code of Word: a mark, blanks, the name of the field (MS-DOC, 2.8.25). In one or two bytes a char. */
const ddeField = /\x13[\s"\0]{0,20}D\0?D\0?E\0?(?:A\0?U\0?T\0?O\0?)?[\s"]/i;

function readWord(stream: Stream, limits: OfficeLimits, findings: OfficeFindings, effort: Effort): void {
  const bytes = stream.read(limits.partBytes);
  spend(effort, bytes.length * textCost);
  // fEncrypted of the file information block (MS-DOC, 2.5.1).
  if ((le16(bytes, 10) & 0x0100) !== 0) findings.encrypted = true;
  if (ddeField.test(bytes.toString("latin1"))) findings.dde = true;
}

const boundSheet = 0x85;
const filePass = 0x2f;
const definedName = 0x18;
const externalBook = 0x1ae;
/** A record may have four bytes. */
const recordCost = 5;

/** Records of Excel (MS-XLS, 2.1.4): sheets that are macros, and names that run by themselves. */
function readWorkbook(stream: Stream, limits: OfficeLimits, findings: OfficeFindings, effort: Effort): void {
  const bytes = stream.read(limits.partBytes);
  spend(effort, bytes.length * recordCost);
  for (let at = 0; at + 4 <= bytes.length; at += 4 + le16(bytes, at + 2)) {
    const kind = le16(bytes, at);
    // Behind it the content of all records is encrypted.
    if (kind === filePass) {
      findings.encrypted = true;
      return;
    }
    if (kind === boundSheet && bytes[at + 9] === 1) findings.macro = true;
    // A name that is built in, of which 1 is Auto_Open and 2 Auto_Close (2.5.114).
    if (kind === definedName && (le16(bytes, at + 4) & 0x20) !== 0) {
      const code = bytes[at + 19];
      if (code === 1 || code === 2) findings.autorun ||= code === 1 ? "auto_open" : "auto_close";
    }
    // A link whose name is a program and a topic, with a mark between them, is DDE (2.4.271).
    const length = Math.min(le16(bytes, at + 2), 512);
    if (kind === externalBook && /\x03/.test(bytes.toString("latin1", at + 8, at + 4 + length))) {
      findings.dde ||= /cmd|powershell|mshta|msexcel|rundll/i.test(bytes.toString("latin1", at + 8, at + 4 + length));
    }
  }
}

function readPresentation(stream: Stream, limits: OfficeLimits, findings: OfficeFindings, effort: Effort): void {
  const { files, limited } = embeddedFiles(stream.read(limits.documentBytes), limits.partBytes, effort);
  for (const file of files) {
    addMacros(file, limits, findings, effort);
    findings.program ||= embeddedProgram(file);
  }
  findings.limited ||= limited;
}

/** Token of a presentation that is encrypted (MS-PPT, 2.3.2). */
const encryptedPresentation = 0xf3d1c4df;

/** Reads a compound file; null when it is none. Never throws. */
export function readBinaryOffice(content: Buffer, limits: OfficeLimits, effort: Effort): OfficeFindings | null {
  const bytes = content.subarray(0, limits.documentBytes);
  const file = readCompoundFile(bytes, effort);
  if (file === null) return null;
  const findings = noFindings();
  findings.limited = bytes.length < content.length;
  const { streams } = file;
  addMacros(file, limits, findings, effort);
  if (find(streams, "encryptedpackage") !== undefined && find(streams, "encryptioninfo") !== undefined) {
    findings.encrypted = true;
  }
  const word = find(streams, "worddocument");
  if (word !== undefined) readWord(word, limits, findings, effort);
  const workbook = find(streams, "workbook") ?? find(streams, "book");
  if (workbook !== undefined) readWorkbook(workbook, limits, findings, effort);
  const user = find(streams, "current user");
  if (user !== undefined && le32(user.read(32), 12) === encryptedPresentation) findings.encrypted = true;
  findings.program = embeddedProgram(file);
  const presentation = find(streams, "powerpoint document");
  if (presentation !== undefined) readPresentation(presentation, limits, findings, effort);
  findings.limited ||= effort.left <= 0;
  return findings;
}
