// Pages and drawings that come as files: opened from the disk they run their scripts, which no mail reader does.

import { decodeCharset } from "../../shared/message/charset.ts";
import { analyseHtml } from "../../shared/message/html.ts";
import { defaultLimits } from "../../shared/message/limits.ts";
import type { PageDocument } from "./examine.ts";

export interface PageFindings {
  /** A script makes a file of data that it holds, and has it saved. */
  readonly smuggling: boolean;
  /** A script writes or runs what it decodes. */
  readonly obfuscated: boolean;
  /** It asks for a password. */
  readonly password: boolean;
  /** A drawing with a script. */
  readonly drawingScript: boolean;
  readonly urls: readonly string[];
  readonly limited: boolean;
}

/** Bytes of one file, and of all, that are looked at. */
const pageBytes = 1024 * 1024;
export const allPageBytes = 2 * 1024 * 1024;
const maxUrls = 200;

const saves = /\bcreateobjecturl\b|\bmssave(?:oropen)?blob\b|\bdata:application\/[a-z0-9.+-]{1,60};base64,/;
const makesFile =
  /\bnew\s{1,9}(?:window\.)?(?:blob|file)\s{0,9}\(|\bmssave(?:oropen)?blob\b|\.download\b|\sdownload\s{0,9}=/;
/** Data of more than a name or a picture of a button: characters of base64 in a row, or bytes in a list. */
const mostBase64 = 1000;
const mostBytes = 300;
const decodes = "(?:unescape|atob|decodeuricomponent|string\\.fromcharcode)";
const runsDecoded = new RegExp(
  [
    `document\\s{0,9}(?:\\.\\s{0,9}write(?:ln)?|\\[["']write["']\\])\\s{0,9}\\(\\s{0,9}${decodes}\\b`,
    `\\beval\\s{0,9}\\(\\s{0,9}(?:${decodes}\\b|function\\s{0,9}\\(p,a,c,k)`,
    `\\blocation(?:\\.href)?\\s{0,9}=\\s{0,9}${decodes}\\b`,
    `\\.innerhtml\\s{0,9}=\\s{0,9}${decodes}\\b`,
  ].join("|"),
);
const passwordField = /<input\b[^<>]{0,500}\btype\s{0,9}=\s{0,9}["']?password\b/;
const drawingCode =
  /<(?:\w{1,20}:)?script[\s>]|<(?:\w{1,20}:)?foreignobject[\s>]|\son[a-z]{3,20}\s{0,9}=|["'\s]javascript:/;

function readSource(content: Buffer): string {
  return decodeCharset(content, "utf-8").text;
}

/** Whether a script in lower case holds a file: as base64, or as its bytes one by one (`77, 90`, `0x4d,0x5a`, `\\x4d\\x5a`). */
function holdsData(lower: string): boolean {
  let base64 = 0;
  let bytes = 0;
  for (let at = 0; at < lower.length; at++) {
    const code = lower.charCodeAt(at);
    const digit = code >= 48 && code <= 57;
    const letter = code >= 97 && code <= 122;
    base64 = digit || letter || code === 43 || code === 47 ? base64 + 1 : 0;
    if (code === 44 || code === 92) bytes++;
    else if (!digit && !(code >= 97 && code <= 102) && code !== 120 && code > 32) bytes = 0;
    if (base64 >= mostBase64 || bytes >= mostBytes) return true;
  }
  return false;
}

/** Reads a page or a drawing. Never throws; time grows with its length only. */
export function readPage({ part, filename, kind, content }: PageDocument, most: number): PageFindings {
  const bytes = content.subarray(0, Math.min(most, pageBytes));
  const source = readSource(bytes);
  const lower = source.toLowerCase();
  const scripted = lower.includes("<script") || lower.includes("javascript:") || /<\w{1,20}:script/.test(lower);
  const { html } = analyseHtml(source, part, defaultLimits);
  const hrefs = [...html.links.map(({ href }) => href), ...html.forms, html.refresh];
  return {
    smuggling: scripted && saves.test(lower) && makesFile.test(lower) && holdsData(lower),
    obfuscated: scripted && runsDecoded.test(lower),
    password: html.forms.length > 0 && passwordField.test(lower),
    drawingScript: (kind === "drawing" || /\.svgz?$/i.test(filename)) && drawingCode.test(lower),
    urls: [...new Set(hrefs)].filter((url) => /^(?:https?|ftp):/i.test(url)).slice(0, maxUrls),
    limited: bytes.length < content.length,
  };
}
