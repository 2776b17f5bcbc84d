// PDF files that do more than be read: scripts, programs, files within, names that hide.

import { defineCheck, type Finding } from "../../shared/check.ts";
import { defaultLimits } from "../../shared/message/limits.ts";
import { urlsOfReferences } from "../../shared/message/url.ts";
import type { Url } from "../../shared/task.ts";
import { archivesConfig, documentsConfig, officeConfig, pdfConfig } from "./config.ts";
import { nameOption } from "./option.ts";

/** What PDF files link to. */
export interface PdfFinding extends Finding {
  readonly urls: readonly Url[];
}

declare module "../../shared/check.ts" {
  interface Findings {
    PDF_CHECK: PdfFinding;
  }
}

export const pdf = defineCheck({
  name: "PDF_CHECK",
  about: "Reads PDF files, in archives too, and looks for scripts, actions and links.",
  stage: "filter",
  group: "content",
  reads: ["attachments"],
  cost: "heavy",
  wants: "attachments",
  bringsUrls: true,
  config: { ...archivesConfig, ...documentsConfig, ...officeConfig, ...pdfConfig },
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
  async run(task, ctx) {
    const urls: Url[] = [];
    if (task.attachments.length === 0) return { urls };
    const { readDocuments } = await import("./documents.ts");
    const { pdf, unread } = readDocuments(task.attachments, ctx.config);
    for (const { part, filename, found } of pdf) {
      const options = [nameOption(filename)];
      urls.push(...urlsOfReferences(found.urls, "pdf", part, defaultLimits));
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
    const left = unread.find(({ kind }) => kind === "pdf");
    if (left !== undefined) ctx.hit("PDF_LIMIT", { options: [nameOption(left.filename)] });
    return { urls };
  },
});
