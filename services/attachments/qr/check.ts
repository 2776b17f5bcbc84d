// Codes in pictures that lead to a URL: what a reader follows with a telephone, past every filter that reads text.

import { defineCheck, type Finding } from "../../../shared/check.ts";
import { urlsOfText } from "../../../shared/message/url.ts";
import type { Headers, Text, Url } from "../../../shared/task.ts";
import { archivesConfig, documentsConfig, officeConfig, pdfConfig } from "../config.ts";
import { qrConfig } from "./config.ts";
import { choosePictures } from "./pictures.ts";
import { CodeThread } from "./thread.ts";

/** What the codes of a message lead to. */
export interface QrFinding extends Finding {
  readonly urls: readonly Url[];
}

declare module "../../../shared/check.ts" {
  interface Findings {
    QR_CHECK: QrFinding;
  }
}

/** One for the process; it is there only while there are pictures. */
const codeThread = new CodeThread();

/** Characters of a code's text that are looked at: the largest code holds 4,296 (ISO/IEC 18004, table 7). */
const longestText = 8_192;
/** URLs that are taken from one code. */
const limits = { urls: 20, emails: 20 };

/** Characters that a reader has before him; of two forms of one text the longer. */
function lengthOf(texts: readonly Text[]): number {
  return texts.reduce((most, { text }) => Math.max(most, text.trim().length), 0);
}

function isAuthors({ domain }: Url, { from }: Headers): boolean {
  return domain !== "" && from.some((author) => author.domain === domain);
}

export const qr = defineCheck({
  name: "QR_CHECK",
  about: "Looks for QR codes in pictures, in PDF files too, and for what they lead to.",
  stage: "filter",
  group: "qr",
  reads: ["attachments", "headers", "text"],
  cost: "heavy",
  wants: "attachments",
  bringsUrls: true,
  config: { ...archivesConfig, ...documentsConfig, ...officeConfig, ...pdfConfig, ...qrConfig },
  symbols: {
    QR_CODE_URL: { score: 0, about: "A picture has a QR code that leads to a URL." },
    QR_CODE_LITTLE_TEXT: {
      score: 1.5,
      about: "A mail with little text has a QR code as a picture, which leads elsewhere than to the author's domain.",
    },
    QR_LIMIT: { score: 0, about: "Not all pictures were looked at: a limit was reached." },
  },
  async run({ attachments, headers, text }, ctx) {
    const { readDocuments } = await import("../documents.ts");
    const documents = readDocuments(attachments, ctx.config);
    const { time, pixels, little_text: little } = ctx.config.qr;
    const { pictures, reached } = choosePictures(attachments, documents, ctx.config.qr);
    if (pictures.length === 0 && reached.size === 0) return { urls: [] };
    const found =
      pictures.length === 0
        ? []
        : await codeThread.run(
            pictures.map(({ picture }) => picture),
            time,
            pixels,
          );
    if (found.includes(undefined)) reached.add("time");
    const urls = new Map<string, Url>();
    for (const [at, { part, inDocument }] of pictures.entries()) {
      for (const code of found[at] ?? []) {
        for (const url of urlsOfText(code.slice(0, longestText), "qr", part, limits)) {
          if (urls.has(url.url)) continue;
          urls.set(url.url, url);
          ctx.hit("QR_CODE_URL", { options: [url.host] });
          if (!inDocument && !isAuthors(url, headers) && lengthOf(text) <= little) {
            ctx.hit("QR_CODE_LITTLE_TEXT", { options: [url.host] });
          }
        }
      }
    }
    if (reached.size > 0) ctx.hit("QR_LIMIT", { options: [...reached].sort() });
    return { urls: [...urls.values()] };
  },
});
