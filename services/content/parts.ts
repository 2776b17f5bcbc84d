// How the parts of a message fit together.

import { defineCheck } from "../../shared/check.ts";
import type { Part } from "../../shared/task.ts";

function isWithin(part: Part, id: number, parts: readonly Part[]): boolean {
  for (let at = part.parent; at >= id; at = parts[at]?.parent ?? -1) if (at === id) return true;
  return false;
}

/** Text that is there to be read, not a file. */
function isBody(part: Part): boolean {
  return part.disposition !== "attachment" && part.filename === "";
}

/** What a multipart/alternative offers: text, HTML, and other forms such as an invitation. */
function offerOf(parts: readonly Part[], id: number): { text: boolean; html: boolean; other: boolean } {
  const offer = { text: false, html: false, other: false };
  for (const part of parts) {
    if (!isWithin(part, id, parts)) continue;
    if (part.type === "text/plain") offer.text = true;
    else if (part.type === "text/html") offer.html = true;
    else if (part.type.startsWith("text/")) offer.other = true;
  }
  return offer;
}

/** A mixed message whose parts are but one text, perhaps in two forms (R 3.10). */
function isMixedForNothing(parts: readonly Part[]): boolean {
  let texts = 0;
  for (const part of parts) {
    if (part.type.startsWith("text/") && isBody(part)) texts++;
    else if (!part.type.startsWith("multipart/")) return false;
  }
  return texts <= 2;
}

function isAttachment(part: Part): boolean {
  return part.disposition === "attachment" && !part.type.startsWith("multipart/");
}

/** A file without a word on how to show it. What the HTML shows by its id needs none, nor what is encrypted (RFC 3156, 4). */
function lacksDisposition(part: Part, parts: readonly Part[]): boolean {
  if (part.type !== "application/octet-stream" || part.disposition !== "" || part.contentId !== "") return false;
  return parts[part.parent]?.type !== "multipart/encrypted";
}

export const parts = defineCheck({
  name: "CHECK_MIME",
  about: "Looks at how the parts of the message fit together.",
  stage: "filter",
  group: "headers",
  reads: ["structure"],
  symbols: {
    MIME_HTML_ONLY: { score: 0.2, about: "The message is HTML without a plain text." },
    MIME_MA_MISSING_TEXT: { score: 2, about: "A multipart/alternative has no text/plain." },
    MIME_MA_MISSING_HTML: { score: 1, about: "A multipart/alternative has no text/html." },
    CTYPE_MIXED_BOGUS: { score: 1, about: "A multipart/mixed holds nothing but one text.", group: "mime" },
    CTYPE_MISSING_DISPOSITION: { score: 4, about: "A binary part does not say how it is to be shown.", group: "mime" },
    HAS_ATTACHMENT: { score: 0, about: "The message has attachments.", group: "body" },
  },
  run(task, ctx) {
    const { parts } = task.structure;
    const bodies = parts.filter(isBody);
    if (bodies.some((part) => part.type === "text/html") && !bodies.some((part) => part.type === "text/plain")) {
      ctx.hit("MIME_HTML_ONLY");
    }
    const alternative = parts.find((part) => part.type === "multipart/alternative");
    if (alternative !== undefined) {
      const { text, html, other } = offerOf(parts, alternative.id);
      if (html && !text) ctx.hit("MIME_MA_MISSING_TEXT");
      else if (text && !html && !other) ctx.hit("MIME_MA_MISSING_HTML");
    }
    if (parts[0]?.type === "multipart/mixed" && isMixedForNothing(parts)) ctx.hit("CTYPE_MIXED_BOGUS");
    if (parts.length > 1 && parts.some((part) => lacksDisposition(part, parts))) ctx.hit("CTYPE_MISSING_DISPOSITION");
    if (parts.some(isAttachment)) ctx.hit("HAS_ATTACHMENT");
  },
});
