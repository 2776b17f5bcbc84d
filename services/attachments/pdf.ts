// PDF files that do more than be read: scripts, programs, files within, names that hide.

import { defineCheck } from "../../shared/check.ts";
import { archivesConfig, pdfConfig } from "./config.ts";
import { examine } from "./examine.ts";
import { nameOption } from "./option.ts";
import { readPdf } from "./pdf-file.ts";

/** What PDF files link to, as it stands in them. */
export interface PdfFinding {
  readonly urls: readonly { readonly part: number; readonly url: string }[];
}

declare module "../../shared/check.ts" {
  interface Findings {
    PDF_CHECK: PdfFinding;
  }
}

/** Files of one message that are read. */
const maxFiles = 20;

export const pdf = defineCheck({
  name: "PDF_CHECK",
  about: "Reads PDF files, in archives too, and looks for scripts, actions and links.",
  stage: "filter",
  group: "content",
  reads: ["attachments"],
  cost: "heavy",
  wants: "attachments",
  config: { ...archivesConfig, ...pdfConfig },
  symbols: {
    PDF_ENCRYPTED: { score: 0.3, about: "A PDF file is encrypted." },
    PDF_JAVASCRIPT: { score: 0.1, about: "A PDF file has scripts." },
    PDF_SUSPICIOUS: { score: 4.5, about: "A PDF file hides the names of its actions, or holds commands." },
    PDF_LONG_TRAILER: { score: 0.2, about: "The trailer of a PDF file is longer than programs write it." },
    PDF_MANY_OBJECTS: { score: 0, about: "A PDF file has more objects than are looked at." },
    PDF_AUTO_ACTION: { score: 1, about: "A script or program of a PDF file runs when it is opened." },
    PDF_LAUNCH: { score: 4, about: "A PDF file starts a program." },
    PDF_EMBEDDED_FILE: { score: 0, about: "A PDF file has files in it." },
    PDF_LIMIT: { score: 0, about: "A PDF file was not read to the end: a limit was reached." },
  },
  run(task, ctx) {
    const urls: { part: number; url: string }[] = [];
    if (task.attachments.length === 0) return { urls };
    const settings = ctx.config.pdf;
    const limits = {
      documentBytes: settings.document_bytes,
      unpackedBytes: settings.unpacked_bytes,
      objects: settings.objects,
      trailerLines: settings.trailer_lines,
      urls: settings.urls,
    };
    let looked = 0;
    for (const { part, filename, kind, content } of examine(task.attachments, ctx.config.archives).documents) {
      if (kind !== "pdf") continue;
      const options = [nameOption(filename)];
      if (looked++ >= maxFiles) {
        ctx.hit("PDF_LIMIT", { options });
        break;
      }
      const found = readPdf(content, limits);
      for (const url of found.urls) urls.push({ part, url });
      if (found.encrypted) ctx.hit("PDF_ENCRYPTED", { options });
      if (found.javascript) ctx.hit("PDF_JAVASCRIPT", { options });
      if (found.suspicious !== "") ctx.hit("PDF_SUSPICIOUS", { options: [found.suspicious] });
      if (found.longTrailer) ctx.hit("PDF_LONG_TRAILER", { options });
      if (found.manyObjects) ctx.hit("PDF_MANY_OBJECTS", { options });
      if (found.automatic) ctx.hit("PDF_AUTO_ACTION", { options });
      if (found.launch) ctx.hit("PDF_LAUNCH", { options });
      if (found.embedded) ctx.hit("PDF_EMBEDDED_FILE", { options });
      if (found.limited) ctx.hit("PDF_LIMIT", { options });
    }
    return { urls };
  },
});
