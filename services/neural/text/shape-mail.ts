// How the mail is made: who writes to whom, its parts, its files.

import type { Facts, Mailbox, Part } from "../../../shared/task.ts";
import { brandOf } from "./brands.ts";
import { isFreemail, suffixKind } from "./hosts.ts";
import { climb, feature, ladder, type Marks, mark } from "./shape.ts";

const answers = feature("answers another mail", -1.2);
const noAuthor = feature("no author", 0.7);
const authorUnnamed = feature("author without a name", 0);
const authorIsAddress = feature("author's name is an address", 0.2);
const authorIsOtherAddress = feature("author's name is another address", 0.8);
const authorShouts = feature("author's name in capitals", 0.4);
const authorFreemail = feature("author has a free mailbox", 0.1);
const authorDigits = feature("author's address with many digits", 0.3);
const authorLong = feature("author's address is long", 0.1);
const authorTwoWords = feature("author's name of two or three words", -0.2);
const authorBrand = feature("author's name is a known one, and the domain theirs", -0.6);
const authorBorrowed = feature("author's name is a known one, and the domain another's", 1.2);
const subjectBorrowed = feature("subject names a known one, and the domain is another's", 0.2);
const authorWildSuffix = feature("author in a cheap suffix", 0.6);
const authorSoundSuffix = feature("author in a sound suffix", -0.4);
const authorGarbled = feature("author's address without vowels", 0.7);
const authorNamedSo = feature("author's name stands in the address", -0.2);
const replyElsewhere = feature("answers go to another domain", 0.3);
const replyFreemail = feature("answers go to a free mailbox, elsewhere", 1.2);
const noRecipient = feature("no recipient in the headers", 0.5);
const undisclosed = feature("recipients not disclosed", 0.7);
const toNamed = feature("recipient has a name", -0.2);
const toSelf = feature("writes to itself", 0.5);
const toSeveral = ladder("recipients", [
  [2, 0],
  [5, 0.1],
  [15, 0.2],
]);
const copied = feature("copies go to others", -0.5);

export function markHeaders({ headers }: Pick<Facts, "headers">, marks: Marks): void {
  const { fields } = headers;
  if (fields.some(({ key }) => key === "in-reply-to" || key === "references")) mark(marks, answers);
  const [author] = headers.from;
  if (author === undefined) mark(marks, noAuthor);
  else {
    markAuthor(author, headers.replyTo[0], marks);
    markBrand(author, headers.subject ?? "", marks);
  }
  const shown = headers.to.length + headers.cc.length;
  const to = headers.to[0];
  if (shown === 0) {
    const field = fields.find(({ key }) => key === "to");
    mark(marks, field !== undefined && /undisclosed|recipients?\b/i.test(field.value) ? undisclosed : noRecipient);
  }
  climb(marks, toSeveral, shown);
  if (headers.cc.length > 0) mark(marks, copied);
  if (to !== undefined && to.name !== "" && to.name.toLowerCase() !== to.address.toLowerCase()) mark(marks, toNamed);
  if (to !== undefined && to.address === author?.address) mark(marks, toSelf);
}

function markBrand({ name, domain }: Mailbox, subject: string, marks: Marks): void {
  if (domain === "") return;
  const borrowed = brandOf(name, domain);
  if (borrowed !== 0) mark(marks, borrowed < 0 ? authorBorrowed : authorBrand);
  else if (brandOf(subject, domain) < 0) mark(marks, subjectBorrowed);
}

/** Whether a word of the name, of three letters or more, is in the user part. */
function isNamedSo(name: string, user: string): boolean {
  const address = user.toLowerCase();
  return name
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .some((word) => word.length >= 3 && address.includes(word));
}

function markAuthor({ name, address, user, domain }: Mailbox, reply: Mailbox | undefined, marks: Marks): void {
  if (name === "") mark(marks, authorUnnamed);
  else if (name.includes("@")) {
    mark(marks, name.toLowerCase().includes(address.toLowerCase()) ? authorIsAddress : authorIsOtherAddress);
  } else {
    if (name.length >= 5 && name === name.toUpperCase() && name !== name.toLowerCase()) mark(marks, authorShouts);
    if (/^\p{Lu}[\p{L}.'-]* (?:\p{Lu}[\p{L}.'-]* )?\p{Lu}[\p{L}'-]+$/u.test(name)) mark(marks, authorTwoWords);
  }
  const free = isFreemail(domain);
  if (free) mark(marks, authorFreemail);
  if (/\d\D*\d\D*\d\D*\d/.test(user)) mark(marks, authorDigits);
  if (user.length > 24) mark(marks, authorLong);
  if (/^[^aeiouy\d._-]{5,}$/i.test(user)) mark(marks, authorGarbled);
  if (name !== "" && isNamedSo(name, user)) mark(marks, authorNamedSo);
  const kind = suffixKind(domain);
  if (kind !== 0) mark(marks, kind > 0 ? authorWildSuffix : authorSoundSuffix);
  if (reply !== undefined && reply.domain !== "" && reply.domain !== domain) {
    mark(marks, replyElsewhere);
    if (isFreemail(reply.domain)) mark(marks, replyFreemail);
  }
}

const onlyHtml = feature("only HTML", 0.2);
const onlyPlain = feature("only plain text", -0.2);
const bothTexts = feature("plain text and HTML", 0);
const noText = feature("no text", 0.5);
const encodedText = feature("plain text in base64", 0.2);
const withCalendar = feature("with a calendar entry", -1.5);
const withSignature = feature("signed by PGP or S/MIME", -1.5);
const withMail = feature("with another mail", -0.2);
const withPatch = feature("with a patch or source", -1.5);
const withImage = feature("with an image as a file", 0.1);
const withInlineImage = feature("with an image inside", 0);
const withPdf = feature("with a PDF", 0);
const withOffice = feature("with an Office document", 0);
const withOldOffice = feature("with an Office document that can hold macros", 0.5);
const withArchive = feature("with an archive", 0.6);
const withProgram = feature("with a program", 2);
const withPage = feature("with an HTML file", 1.2);
const withDiskImage = feature("with a disc image", 1.5);
const withOther = feature("with another file", -0.1);

export function markParts({ structure, text }: Pick<Facts, "structure" | "text">, marks: Marks): void {
  const html = text.some((one) => one.html);
  const plainText = text.some((one) => !one.html);
  mark(marks, html ? (plainText ? bothTexts : onlyHtml) : plainText ? onlyPlain : noText);
  let seen = 0;
  for (const part of structure.parts) {
    if (part.type === "text/plain" && part.encoding === "base64" && part.disposition !== "attachment") {
      mark(marks, encodedText);
    }
    const kind = kindOf(part);
    if (kind === 0 || ++seen > 8) continue;
    mark(marks, kind);
  }
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
  [/^(?:windows-1251|koi8-[ru])$/, feature("in a Cyrillic charset", 0.4)],
  [/^(?:gb2312|gbk|gb18030|big5)/, feature("in a Chinese charset", 0.6)],
  [/^(?:euc-kr|ks_c|windows-949|iso-2022-kr|cp949)/, feature("in a Korean charset", 0.5)],
  [/^(?:iso-2022-jp|shift_jis|euc-jp|windows-31j)/, feature("in a Japanese charset", 0.4)],
];

export function markCharset(charset: string, marks: Marks): void {
  for (const [form, hash] of charsets) {
    if (!form.test(charset)) continue;
    mark(marks, hash);
    return;
  }
}
