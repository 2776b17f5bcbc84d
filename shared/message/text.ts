// The leaves of a message as a reader gets them: text to be read, and files.

import type { Attachment, Html, Text } from "../task.ts";
import { decodeCharset } from "./charset.ts";
import { decodeDataUrl, maxDataFiles } from "./data-url.ts";
import { extensionOf } from "./extension.ts";
import { detectType } from "./file-type.ts";
import type { Note } from "./flaw.ts";
import { digest, type Leaf } from "./growth.ts";
import { analyseHtml } from "./html.ts";
import type { Limits } from "./limits.ts";
import { decodeUu } from "./uuencode.ts";

export interface Contents {
  readonly text: readonly Text[];
  readonly html: readonly Html[];
  readonly attachments: readonly Attachment[];
}

/** Files in uuencode that are taken out of one text. */
const maxUuFiles = 50;

/** Types whose content is shown, not offered as a file. A multipart is a leaf only when it could not be split. */
function isText(type: string): boolean {
  return type.startsWith("text/") || type.startsWith("multipart/") || type === "application/xhtml+xml";
}

/** Detected types that a text may have without being a file in disguise. */
function isReadable(detected: string): boolean {
  return detected === "" || detected.startsWith("text/");
}

/** Line ends as LF. */
function normaliseLines(text: string): string {
  if (!text.includes("\r")) return text;
  return text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
}

function countLines(text: string): number {
  if (text === "") return 0;
  let lines = text.endsWith("\n") ? 0 : 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

function attachmentOf({ part, content }: Leaf): Attachment {
  const { id, filename, type, detected, digest } = part;
  return { part: id, filename, extension: extensionOf(filename), type, detected, digest, content };
}

/** Takes the uuencoded files out of a text: what is left of it. */
function takeUuencoded(content: Buffer, part: number, attachments: Attachment[]): Buffer {
  const text = content.toString("latin1");
  let rest = "";
  let from = 0;
  for (let files = 0; files < maxUuFiles; files++) {
    const file = decodeUu(text, from);
    if (file === null) break;
    rest += text.slice(from, file.start);
    from = file.end;
    const detected = detectType(file.content);
    const extension = extensionOf(file.name);
    const type = "application/octet-stream";
    attachments.push({
      part,
      filename: file.name,
      extension,
      type,
      detected,
      digest: digest(file.content),
      content: file.content,
    });
  }
  return from === 0 ? content : Buffer.from(rest + text.slice(from), "latin1");
}

/** Adds the pictures that lie in a page itself: whoever looks at files sees them there. */
function takeDataFiles({ part, images }: Html, attachments: Attachment[]): void {
  let files = 0;
  for (const { src, embedded } of images) {
    const file = embedded && files < maxDataFiles ? decodeDataUrl(src) : null;
    if (file === null) continue;
    files++;
    const { type, content } = file;
    const named = { filename: "", extension: "", detected: detectType(content), digest: digest(content) };
    attachments.push({ part, type, ...named, content });
  }
}

/** Decodes the text parts and lists the files. */
export function readContents(leaves: readonly Leaf[], limits: Limits, note: Note): Contents {
  const texts: Text[] = [];
  const htmls: Html[] = [];
  const attachments: Attachment[] = [];
  let left = limits.textBytes;
  // Second readings come last: they must not use up what the first ones need.
  const doubtful = leaves.some(({ part }) => part.reading !== undefined);
  const rank = ({ part }: Leaf) => (part.reading === undefined ? 0 : 1);
  const ordered = doubtful ? [...leaves].sort((one, other) => rank(one) - rank(other)) : leaves;
  for (const leaf of ordered) {
    const { part } = leaf;
    if (part.reading === "ambiguous-filename") {
      attachments.push(attachmentOf(leaf));
      continue;
    }
    const shown = isText(part.type) && part.disposition !== "attachment";
    if (!shown || part.filename !== "" || !isReadable(part.detected)) attachments.push(attachmentOf(leaf));
    if (!shown) continue;
    const html = part.type === "text/html" || part.type === "application/xhtml+xml";
    let { content } = leaf;
    if (!html && content.includes("begin ", 0, "latin1")) {
      content = takeUuencoded(content, part.id, attachments);
      if (content !== leaf.content) note("uuencode", part.id);
    }
    if (content.length > left) {
      note("limit-text", part.id);
      content = content.subarray(0, left);
    }
    left -= content.length;
    const label = part.params.charset ?? "";
    const decoded = decodeCharset(content, label);
    if (decoded.bad && part.reading === undefined) note("bad-charset", part.id, label);
    // NUL is no text: readers leave it out, and with it UTF-16 that is called something else can be read.
    const plain = !html && decoded.text.includes("\0") ? decoded.text.replaceAll("\0", "") : decoded.text;
    const source = normaliseLines(plain);
    let text = source;
    if (html) {
      const page = analyseHtml(source, part.id, limits);
      for (const kind of page.flaws) note(kind, part.id);
      htmls.push(page.html);
      takeDataFiles(page.html, attachments);
      text = page.text;
    }
    texts.push({ part: part.id, html, text, charset: decoded.charset, lines: countLines(source) });
  }
  return { text: texts, html: htmls, attachments };
}
