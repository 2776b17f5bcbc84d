// Opens the attachments of a message once: the checks of this actor look at what was found.

import type { Entry } from "../../shared/archive/archive.ts";
import { type ArchiveLimit, type ArchiveLimits, type Budget, newBudget } from "../../shared/archive/limits.ts";
import { isArchiveType } from "../../shared/archive/type.ts";
import { deepNames, type Listing, walkWithin } from "../../shared/archive/walk.ts";
import { asBuffer } from "../../shared/as-buffer.ts";
import type { SectionValue } from "../../shared/config/schema.ts";
import type { Attachment } from "../../shared/task.ts";
import type { archivesConfig } from "./config.ts";

/** An attachment that is an archive. */
export interface OpenedArchive {
  readonly part: number;
  readonly filename: string;
  readonly listing: Listing;
}

export type DocumentKind = "ole" | "ooxml" | "rtf" | "sheet" | "flat" | "pdf";

/** A document: an attachment, or an entry of one. */
export interface Document {
  readonly part: number;
  readonly filename: string;
  readonly kind: DocumentKind;
  readonly content: Buffer;
}

/** A page or a drawing: an attachment, or an entry of one. */
export interface PageDocument {
  readonly part: number;
  readonly filename: string;
  readonly kind: "page" | "drawing";
  readonly content: Buffer;
}

export interface Examination {
  readonly archives: readonly OpenedArchive[];
  readonly documents: readonly Document[];
  readonly pages: readonly PageDocument[];
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
const openDocument = "application/vnd.oasis.opendocument.";
/** Text that Excel opens; and the names under which Word opens a document that is one file of XML, or of MIME. */
const sheetNames = /\.(?:csv|tsv|slk|iqy|dif|prn)$/i;
const flatNames = /\.(?:docx?|xml|mht(?:ml)?|xlsx?)$/i;
const openXmlNames = /\.(?:o[dt][a-z]|doc[xm]|dot[xm]|xls[xmb]|xlt[xm]|xlam|pp[st][xm]|pot[xm]|ppam)$/i;

/** What reads a document: by its first bytes; by its name too where they are those of any zip. */
function documentKind(detected: string, name: string): DocumentKind | null {
  if (detected === "application/x-ole-storage") return "ole";
  if (detected === "application/rtf") return "rtf";
  if (detected === "application/pdf") return "pdf";
  if ((detected === "" || detected.startsWith("text/")) && sheetNames.test(name)) return "sheet";
  if ((detected === "" || detected === "text/xml") && flatNames.test(name)) return "flat";
  if (
    detected.startsWith(openXml) ||
    detected.startsWith(openDocument) ||
    (detected === "application/zip" && openXmlNames.test(name))
  )
    return "ooxml";
  return null;
}

/** What a browser opens, by its first bytes or its name. Compressed drawings are archives. */
function pageKind(detected: string, name: string): PageDocument["kind"] | null {
  if (detected === "image/svg+xml") return "drawing";
  if (detected === "text/html") return "page";
  if (detected !== "" && detected !== "text/xml") return null;
  return pageNames.test(name) ? (/svg$/i.test(name) ? "drawing" : "page") : null;
}

const pageNames = /\.(?:s?html?|xht(?:ml)?|hta|svg)$/i;

interface Found {
  readonly archives: OpenedArchive[];
  readonly documents: Document[];
  readonly pages: PageDocument[];
}

/** Keeps a file that is a document or a page. */
function keep(content: Buffer, part: number, filename: string, detected: string, found: Found): DocumentKind | null {
  const kind = documentKind(detected, filename);
  if (kind !== null) found.documents.push({ part, filename, kind, content });
  const page = pageKind(detected, filename);
  if (page !== null) found.pages.push({ part, filename, kind: page, content });
  return kind;
}

/** A document among the attachments, or in one. A zip that is one is opened as an archive too when its name hides it. */
function examineOne(attachment: Attachment, budget: Budget, found: Found): void {
  const { part, filename, type, detected } = attachment;
  // Its parts are among those of the message.
  if (detected === "" && /\.eml$/i.test(filename) && /^(?:message\/|application\/octet-stream$)/.test(type)) return;
  const content = asBuffer(attachment.content);
  const kind = keep(content, part, filename, detected, found);
  // A file of another type may be an archive, too, to whoever opens it by its name.
  const isOther =
    detected !== "" && !isArchiveType(detected, filename) && detected !== executable && !deepNames.test(filename);
  if (isOther || (kind === "ooxml" && openXmlNames.test(filename))) return;
  const visitor = {
    wants: (type: string, name: string) => documentKind(type, name) !== null || pageKind(type, name) !== null,
    visit: (bytes: Buffer, entry: Entry, type: string) => {
      keep(bytes, part, entry.name, type, found);
    },
  };
  const listing = walkWithin(content, filename, budget, visitor);
  if (listing !== null) found.archives.push({ part, filename, listing });
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
  const found: Found = { archives: [], documents: [], pages: [] };
  for (const attachment of attachments) examineOne(attachment, budget, found);
  const examination = { ...found, limits: [...budget.reached], cost: costOf(budget) };
  done.set(attachments, examination);
  return examination;
}
