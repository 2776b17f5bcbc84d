// Reads the documents of a message once, with one effort for all of them: the checks look at what was found.

import type { SectionValue } from "../../shared/config/schema.ts";
import type { Attachment } from "../../shared/task.ts";
import type { archivesConfig, documentsConfig, officeConfig, pdfConfig } from "./config.ts";
import { type Effort, withShare } from "./effort.ts";
import { type Document, examine } from "./examine.ts";
import { readBinaryOffice } from "./office-binary.ts";
import type { OfficeFindings, OfficeLimits } from "./office-findings.ts";
import { readRichText } from "./office-rtf.ts";
import { readTextOffice } from "./office-text.ts";
import { readXmlOffice } from "./office-xml.ts";
import { type PdfFindings, type PdfLimits, readPdf } from "./pdf-file.ts";

export interface DocumentSettings {
  readonly archives: SectionValue<typeof archivesConfig.archives>;
  readonly documents: SectionValue<typeof documentsConfig.documents>;
  readonly office: SectionValue<typeof officeConfig.office>;
  readonly pdf: SectionValue<typeof pdfConfig.pdf>;
}

/** A document and what was found in it. */
export interface OfficeDocument extends Document {
  readonly found: OfficeFindings;
}
export interface PdfDocument extends Document {
  readonly found: PdfFindings;
}

export interface ReadDocuments {
  /** In the order in which they stand in the message, without those that are not what their first bytes say. */
  readonly office: readonly OfficeDocument[];
  readonly pdf: readonly PdfDocument[];
  /** Documents beyond the number of those that are read. */
  readonly unread: readonly Document[];
}

/** Documents of one message that are read. */
const maxOffice = 50;
const maxPdf = 20;
/** Part of the effort that is left to documents, whatever archives took. */
const leastShare = 0.5;

function officeLimitsOf(settings: DocumentSettings["office"]): OfficeLimits {
  return {
    documentBytes: settings.document_bytes,
    macroBytes: settings.macro_bytes,
    partBytes: settings.part_bytes,
  };
}

function pdfLimitsOf(settings: DocumentSettings["pdf"]): PdfLimits {
  return {
    documentBytes: settings.document_bytes,
    unpackedBytes: settings.unpacked_bytes,
    objects: settings.objects,
    trailerLines: settings.trailer_lines,
    urls: settings.urls,
  };
}

function readOffice({ kind, content }: Document, limits: OfficeLimits, effort: Effort): OfficeFindings | null {
  if (kind === "ole") return readBinaryOffice(content, limits, effort);
  if (kind === "sheet" || kind === "flat") return readTextOffice(content, kind, limits, effort);
  return kind === "ooxml" ? readXmlOffice(content, limits, effort) : readRichText(content, limits, effort);
}

const done = new WeakMap<readonly Attachment[], ReadDocuments>();

/** Reads all documents of a task, those in archives too; a second call with the same list costs nothing. Never throws. */
export function readDocuments(attachments: readonly Attachment[], settings: DocumentSettings): ReadDocuments {
  const known = done.get(attachments);
  if (known !== undefined) return known;
  const { documents, cost } = examine(attachments, settings.archives);
  const office = documents.filter(({ kind }) => kind !== "pdf");
  const pdf = documents.filter(({ kind }) => kind === "pdf");
  const wanted = [...office.slice(0, maxOffice), ...pdf.slice(0, maxPdf)];
  const limits = { office: officeLimitsOf(settings.office), pdf: pdfLimitsOf(settings.pdf) };
  const total = settings.documents.effort;
  const effort = { left: Math.max(total * leastShare, total - cost) };
  const ofOffice = new Map<Document, OfficeFindings | null>();
  const ofPdf = new Map<Document, PdfFindings>();
  // The small ones first: they leave more for the large ones than the other way round.
  const bySize = wanted.toSorted((one, other) => one.content.length - other.content.length);
  for (const [at, document] of bySize.entries()) {
    withShare(effort, bySize.length - at, (share) => {
      if (document.kind === "pdf") ofPdf.set(document, readPdf(document.content, limits.pdf, share));
      else ofOffice.set(document, readOffice(document, limits.office, share));
    });
  }
  const read: ReadDocuments = {
    office: office.flatMap((document) => {
      const found = ofOffice.get(document) ?? null;
      return found === null ? [] : [{ ...document, found }];
    }),
    pdf: pdf.flatMap((document) => {
      const found = ofPdf.get(document);
      return found === undefined ? [] : [{ ...document, found }];
    }),
    unread: [...office.slice(maxOffice), ...pdf.slice(maxPdf)],
  };
  done.set(attachments, read);
  return read;
}
