// How the mail is made: its parts, its files, its charset.

import type { Facts, Part } from "../../../shared/task.ts";
import { feature, type Marks, mark } from "./shape.ts";

const onlyHtml = feature("only HTML", 0.2);
const onlyPlain = feature("only plain text", -0.2);
const bothTexts = feature("plain text and HTML", 0);
const noText = feature("no text", 0.5);
const encodedText = feature("ASCII text in base64", 0.2);
const withCalendar = feature("with a calendar entry", -1.5);
const withSignature = feature("signed by PGP or S/MIME", -1.5);
const withMail = feature("with another mail", -0.2);
const withPatch = feature("with a patch or source", -1.5);
const withImage = feature("with an image as a file", 0.1);
const withInlineImage = feature("with an image inside", 0);
const drawn = feature("a drawing inside, no links, and no answer", 0.9);
const withPdf = feature("with a PDF", 0);
const withOffice = feature("with an Office document", 0);
const withOldOffice = feature("with an Office document that can hold macros", 0.5);
const withArchive = feature("with an archive", 0.6);
const withProgram = feature("with a program", 2);
const withPage = feature("with an HTML file", 1.8);
const withDiskImage = feature("with a disc image", 2);
const withOther = feature("with another file", -0.1);

export function markParts(facts: Pick<Facts, "headers" | "structure" | "text" | "urls">, marks: Marks): void {
  const { structure, text } = facts;
  if (isDrawing(facts)) mark(marks, drawn);
  const html = text.some((one) => one.html);
  const plainText = text.some((one) => !one.html);
  mark(marks, html ? (plainText ? bothTexts : onlyHtml) : plainText ? onlyPlain : noText);
  markEncoded(structure.parts, text, marks);
  let seen = 0;
  for (const part of structure.parts) {
    const kind = kindOf(part);
    if (kind === 0 || ++seen > 8) continue;
    mark(marks, kind);
  }
}

/** Whether a picture within the page says what is in no word: cameras make others. */
function isDrawing({ headers, structure, urls }: Pick<Facts, "headers" | "structure" | "urls">): boolean {
  if (urls.length > 0) return false;
  if (!structure.parts.some((part) => kindOf(part) === withInlineImage && !part.type.endsWith("jpeg"))) return false;
  return !headers.fields.some(({ key }) => key === "in-reply-to" || key === "references");
}

/** Letters beyond ASCII, of whatever language, give a reason for base64. */
function markEncoded(parts: readonly Part[], text: Facts["text"], marks: Marks): void {
  const encoded = (part: Part) =>
    part.type === "text/plain" && part.encoding === "base64" && part.disposition !== "attachment";
  if (!parts.some(encoded)) return;
  if (text.every((one) => one.html || isAscii(one.text.slice(0, longest)))) mark(marks, encodedText);
}

/** Characters of a text that are looked at. */
const longest = 20_000;

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}

const archives = new Set(["zip", "rar", "7z", "gz", "tgz", "ace", "arj", "cab", "z", "xz", "bz2", "tar", "lzh", "r00"]);
const programs = new Set(
  "exe scr pif com bat cmd vbs vbe js jse wsf wsh hta lnk msi jar ps1 cpl dll reg chm xll one".split(" "),
);
const oldOffice = new Set(["doc", "xls", "ppt", "docm", "xlsm", "xlsb", "dotm", "rtf", "slk", "ppam"]);
const office = new Set(["docx", "xlsx", "pptx", "odt", "ods", "odp"]);
const sources = new Set([
  "patch",
  "diff",
  "c",
  "h",
  "cpp",
  "py",
  "pl",
  "txt",
  "log",
  "sh",
  "conf",
  "csv",
  "json",
  "yaml",
]);

/** The feature that a part stands for; 0 for what is text to be read, or holds others. */
function kindOf({ type, filename, disposition, detected, contentId }: Part): number {
  if (type.startsWith("multipart/")) return 0;
  if (type === "text/calendar") return withCalendar;
  if (type.endsWith("-signature")) return withSignature;
  if (type === "message/rfc822") return withMail;
  const extension = filename.slice(filename.lastIndexOf(".") + 1).toLowerCase();
  if (programs.has(extension) || /executable|msdownload/.test(detected)) return withProgram;
  if (/^(?:html?|xhtml|shtml|svg|mht)$/.test(extension)) return withPage;
  if (/^(?:iso|img|vhdx?)$/.test(extension)) return withDiskImage;
  if (type.startsWith("image/")) return disposition === "attachment" || contentId === "" ? withImage : withInlineImage;
  if (type === "application/pdf" || extension === "pdf") return withPdf;
  if (type.startsWith("text/") && disposition !== "attachment" && filename === "") return 0;
  if (archives.has(extension)) return withArchive;
  if (oldOffice.has(extension)) return withOldOffice;
  if (office.has(extension)) return withOffice;
  if (sources.has(extension)) return withPatch;
  return withOther;
}

const charsets: readonly (readonly [RegExp, number])[] = [
  [/^(?:us-ascii|ascii)$/, feature("in ASCII", -0.1)],
  [/^utf-8$/, feature("in UTF-8", 0)],
  [/^iso-8859-(?:1|15)$/, feature("in Latin 1", -0.1)],
  [/^windows-1252$/, feature("in Windows Latin 1", 0.1)],
  [/^(?:windows-1251|koi8-[ru])$/, feature("in a Cyrillic charset", 0.2)],
  [/^(?:gb2312|gbk|gb18030|big5)/, feature("in a Chinese charset", 0.4)],
  [/^(?:euc-kr|ks_c|windows-949|iso-2022-kr|cp949)/, feature("in a Korean charset", 0.3)],
  [/^(?:iso-2022-jp|shift_jis|euc-jp|windows-31j)/, feature("in a Japanese charset", 0.2)],
];

export function markCharset(charset: string, marks: Marks): void {
  for (const [form, hash] of charsets) {
    if (!form.test(charset)) continue;
    mark(marks, hash);
    return;
  }
}
