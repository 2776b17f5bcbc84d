// Opens the attachments of a message once: the checks of this actor look at what was found.

import type { Entry } from "../../shared/archive/archive.ts";
import { type ArchiveLimit, type ArchiveLimits, type Budget, newBudget } from "../../shared/archive/limits.ts";
import { isArchiveType } from "../../shared/archive/type.ts";
import { type Listing, walkWithin } from "../../shared/archive/walk.ts";
import type { SectionValue } from "../../shared/config/schema.ts";
import type { Attachment } from "../../shared/task.ts";
import type { archivesConfig } from "./config.ts";

/** An attachment that is an archive. */
export interface OpenedArchive {
  readonly part: number;
  readonly filename: string;
  readonly listing: Listing;
}

export type DocumentKind = "ole" | "ooxml" | "rtf" | "pdf";

/** A document: an attachment, or an entry of one. */
export interface Document {
  readonly part: number;
  readonly filename: string;
  readonly kind: DocumentKind;
  readonly content: Buffer;
}

export interface Examination {
  readonly archives: readonly OpenedArchive[];
  readonly documents: readonly Document[];
  readonly limits: readonly ArchiveLimit[];
  /** What opening the archives took, in units of `Effort`. */
  readonly cost: number;
}

type Settings = SectionValue<typeof archivesConfig.archives>;

function limitsOf(settings: Settings): ArchiveLimits {
  return {
    entries: settings.entries,
    contents: settings.contents,
    depth: settings.depth,
    unpackedBytes: settings.unpacked_bytes,
    entryBytes: settings.entry_bytes,
    lzmaBytes: settings.lzma_bytes,
    ratio: settings.ratio,
    ratioFrom: settings.ratio_from,
    nameLength: settings.name_length,
  };
}

const openXml = "application/vnd.openxmlformats-officedocument.";
const openXmlNames = /\.(?:doc[xm]|dot[xm]|xls[xmb]|xlt[xm]|xlam|pp[st][xm]|pot[xm]|ppam)$/i;

/** What reads a document: by its first bytes; by its name too where they are those of any zip. */
function documentKind(detected: string, name: string): DocumentKind | null {
  if (detected === "application/x-ole-storage") return "ole";
  if (detected === "application/rtf") return "rtf";
  if (detected === "application/pdf") return "pdf";
  if (detected.startsWith(openXml) || (detected === "application/zip" && openXmlNames.test(name))) return "ooxml";
  return null;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A document among the attachments, or in one. A zip that is one is opened as an archive too when its name hides it. */
function examineOne(attachment: Attachment, budget: Budget, archives: OpenedArchive[], documents: Document[]): void {
  const { part, filename, detected } = attachment;
  const content = asBuffer(attachment.content);
  const kind = documentKind(detected, filename);
  if (kind !== null) documents.push({ part, filename, kind, content });
  const isOther = detected !== "" && !isArchiveType(detected, filename) && detected !== executable;
  if (isOther || (kind === "ooxml" && openXmlNames.test(filename))) return;
  const visitor = {
    wants: (type: string, name: string) => documentKind(type, name) !== null,
    visit: (bytes: Buffer, entry: Entry, type: string) => {
      const inner = documentKind(type, entry.name);
      if (inner !== null) documents.push({ part, filename: entry.name, kind: inner, content: bytes });
    },
  };
  const listing = walkWithin(content, filename, budget, visitor);
  if (listing !== null) archives.push({ part, filename, listing });
}

/** What it costs to list an entry, to look into one, and to unpack a byte. */
const entryCost = 1000;
const contentCost = 2000;
const byteCost = 1 / 2;
const lzmaCost = 8;

function costOf({ limits, entries, contents, bytes, lzmaBytes }: Budget): number {
  return (
    (limits.entries - entries) * entryCost +
    (limits.contents - contents) * contentCost +
    (limits.unpackedBytes - bytes) * byteCost +
    (limits.lzmaBytes - lzmaBytes) * lzmaCost
  );
}

/** Programs may unpack themselves. */
const executable = "application/vnd.microsoft.portable-executable";

const done = new WeakMap<readonly Attachment[], Examination>();

/** Opens all attachments of a task; a second call with the same list costs nothing. Never throws. */
export function examine(attachments: readonly Attachment[], settings: Settings): Examination {
  const known = done.get(attachments);
  if (known !== undefined) return known;
  const budget = newBudget(limitsOf(settings));
  const archives: OpenedArchive[] = [];
  const documents: Document[] = [];
  for (const attachment of attachments) examineOne(attachment, budget, archives, documents);
  const examination = { archives, documents, limits: [...budget.reached], cost: costOf(budget) };
  done.set(attachments, examination);
  return examination;
}
