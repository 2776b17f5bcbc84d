// A child process that parses what it is sent, so that one input may hang or kill it: the parsers behind the gateways.
// Answers each input with its cost, and with what was thrown.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { loadServices } from "../../bin/services.ts";
import { archivesConfig, documentsConfig, officeConfig, pdfConfig } from "../../services/attachments/config.ts";
import { readDocuments } from "../../services/attachments/documents.ts";
import { qrConfig } from "../../services/attachments/qr/config.ts";
import { choosePictures } from "../../services/attachments/qr/pictures.ts";
import { load } from "../../shared/config/load.ts";
import { parseUcl } from "../../shared/config/ucl.ts";
import { evaluate } from "../../shared/expression/expression.ts";
import { parse } from "../../shared/expression/parse.ts";
import { compilePattern } from "../../shared/expression/pattern.ts";
import { symbolSyntax } from "../../shared/expression/symbol-atom.ts";
import { Fault } from "../../shared/fault.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { detectType } from "../../shared/message/file-type.ts";
import { defaultLimits } from "../../shared/message/limits.ts";

export interface Question {
  readonly target: string;
  readonly bytes: Uint8Array;
}

export interface Answer {
  /** CPU time in ms, garbage collection included. */
  readonly cpu: number;
  /** Resident memory of the process in bytes. */
  readonly memory: number;
  /** What was thrown, or is wrong with the result; "" when nothing is. */
  readonly wrong: string;
}

type Target = (bytes: Buffer) => void;

function fail(wrong: string): never {
  throw new Error(wrong);
}

/** Facts of any bytes must hang together. */
function analysis(bytes: Buffer): void {
  const { structure, text, html, attachments } = analyse(bytes);
  const { parts, flaws } = structure;
  if (parts.length === 0 || parts.length > defaultLimits.parts) fail(`${parts.length} parts`);
  if (flaws.length > defaultLimits.flaws) fail(`${flaws.length} flaws`);
  for (const [at, part] of parts.entries()) {
    if (part.id !== at || part.parent >= at || part.depth > defaultLimits.depth + 1) fail(`part ${at} is misplaced`);
    if (part.start > part.end || part.end > bytes.length) fail(`part ${at} lies outside of the message`);
  }
  for (const { part } of [...text, ...html, ...attachments]) if (parts[part] === undefined) fail(`no part ${part}`);
}

const { sections } = await loadServices();
const folder = mkdtempSync(join(tmpdir(), "sluice-fuzz-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** A configuration is understood or refused with a fault; never anything else. */
function configuration(bytes: Buffer): void {
  try {
    parseUcl(bytes.toString("utf8"));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  writeFileSync(join(folder, "sluice.conf"), bytes);
  load({ folder, sections, environment: {} });
}

function expression(bytes: Buffer): void {
  const read = parse(bytes.toString("utf8"), symbolSyntax);
  if (read instanceof Fault) return;
  if (Number.isNaN(evaluate(read, () => 1))) fail("the value is no number");
}

/** The first line is a pattern, the rest the text that it is tried on. */
function pattern(bytes: Buffer): void {
  const [source = "", ...rest] = bytes.toString("utf8").split("\n");
  const compiled = compilePattern(source, "i");
  if (!(compiled instanceof Error)) compiled.test(rest.join("\n").slice(0, 20_000));
}

const targets: Record<string, Target> = { analysis, configuration, expression, pattern };

interface ArchiveModule {
  readonly walkArchive: (bytes: Buffer, limits: object, name: string) => unknown;
}
interface ArchiveLimitsModule {
  readonly defaultArchiveLimits: object;
}

const archives = resolve(import.meta.dirname, "../../shared/archive");
if (existsSync(join(archives, "walk.ts"))) {
  const { walkArchive } = (await import(pathToFileURL(join(archives, "walk.ts")).href)) as ArchiveModule;
  const { defaultArchiveLimits } = (await import(
    pathToFileURL(join(archives, "limits.ts")).href
  )) as ArchiveLimitsModule;
  targets.archive = (bytes) => void walkArchive(bytes, defaultArchiveLimits, "");
}

const settings = {
  archives: archivesConfig.archives.fallback,
  documents: documentsConfig.documents.fallback,
  office: officeConfig.office.fallback,
  pdf: pdfConfig.pdf.fallback,
};

/** A file as eight attachments of one message. */
targets.documents = (content) => {
  const detected = detectType(content);
  const file = { filename: "", extension: "", type: "", detected, digest: "", content };
  const attachments = Array.from({ length: 8 }, (_, part) => ({ ...file, part }));
  choosePictures(attachments, readDocuments(attachments, settings), qrConfig.qr.fallback);
};

process.on("message", ({ target, bytes }: Question) => {
  const before = process.cpuUsage();
  let wrong = "";
  try {
    const run = targets[target] ?? fail(`no target ${target}`);
    run(Buffer.from(bytes));
  } catch (error) {
    wrong = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const { user, system } = process.cpuUsage(before);
  const answer: Answer = { cpu: (user + system) / 1000, memory: process.memoryUsage.rss(), wrong };
  process.send?.(answer);
});
process.on("disconnect", () => process.exit());
process.send?.(Object.keys(targets));
