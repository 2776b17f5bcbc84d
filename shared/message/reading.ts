// Second readings: where two mail readers could see two different mails, the other one is looked at too. What decides
// whether there is one stands here; part.ts follows it.

import { isAscii } from "node:buffer";
import type { Reading } from "../task.ts";
import { sameCharset } from "./charset.ts";
import type { Description } from "./content-type.ts";
import { extensionOf } from "./extension.ts";
import type { RawField } from "./header.ts";
import type { LineEnds } from "./line-end.ts";
import { isIdentity } from "./transfer.ts";

/** Why `other` shows something else than `usual` does; null when a reader sees no difference. */
export function differenceOf(usual: Description, other: Description, body: Buffer): Reading | null {
  if (usual.type !== other.type) return "ambiguous-type";
  if (usual.type.startsWith("multipart/") && usual.params.boundary !== other.params.boundary) {
    return "ambiguous-boundary";
  }
  const { encoding } = usual;
  if (encoding !== other.encoding && !(isIdentity(encoding) && isIdentity(other.encoding))) return "ambiguous-encoding";
  if ((usual.disposition === "attachment") !== (other.disposition === "attachment")) return "ambiguous-type";
  if (usual.type.startsWith("text/")) {
    const labels = [usual.params.charset ?? "", other.params.charset ?? ""] as const;
    const ascii = isIdentity(encoding) && isAscii(body);
    if (!sameCharset(labels[0], labels[1], ascii)) return "ambiguous-charset";
  }
  return extensionOf(usual.filename) === extensionOf(other.filename) ? null : "ambiguous-filename";
}

/** The name that the type gives where the disposition gives one of another extension; "" when there is none. */
export function otherName({ params, dispositionParams }: Description): string {
  const { name } = params;
  const { filename } = dispositionParams;
  if (name === undefined || filename === undefined || name === filename) return "";
  return extensionOf(name) === extensionOf(filename) ? "" : name;
}

/** The encoding that a reader makes of an unknown one: "x-base64", "base64,"; "" when there is none. */
export function otherEncoding(encoding: string): string {
  if (encoding.includes("base64") || encoding.includes("base-64")) return "base64";
  return encoding.includes("quoted") && encoding.includes("printable") ? "quoted-printable" : "";
}

const mimeField = /^\s{0,99}(?:content-type|content-transfer-encoding|mime-version)[ \t]{0,99}:/i;
const anyField = /^[\x21-\x39\x3b-\x7e]{1,64}[ \t]{0,9}:/;

/** Whether a text begins with a header block of MIME, which some readers take for that of the part. */
export function beginsWithMime(content: Buffer): boolean {
  const first = content[0] ?? 0;
  // Blanks, "C" and "M": nearly all texts are ruled out here.
  if (first > 32 && (first | 32) !== 99 && (first | 32) !== 109) return false;
  return mimeField.test(content.toString("latin1", 0, 300));
}

export function beginsWithField(content: Buffer): boolean {
  return anyField.test(content.toString("latin1", 0, 100));
}

/** Whether there are two MIME-Version fields that differ: a reader that knows neither shows the body as text. */
export function versionsDiffer(fields: readonly RawField[]): boolean {
  let known: string | null = null;
  for (const { key, raw } of fields) {
    if (key !== "mime-version") continue;
    if (known !== null && known !== raw.trim()) return true;
    known = raw.trim();
  }
  return false;
}

/** Bytes of UTF-16's mark, which not every reader believes, at the start of a text of another charset. */
export function doubtfulMark(content: Buffer, label: string): boolean {
  const [first, second] = content;
  if (!((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))) return false;
  return !/^(?:utf-?16|ucs-?2|unicode)/i.test(label);
}

/** Whether text outside of the parts is more than a word to readers without MIME. */
export function isTelling(text: string): boolean {
  return text.length > 6 && /:\/\/|www\.|<(?:html|body|a|img|script|iframe|meta|form)\b|^content-/im.test(text);
}

/** Where a header block ends: with the line that is no field, if no empty line ended it. */
function headEnd(text: string, headerEnd: number): number {
  if (/(?:^|\n)\r?\n$/.test(text.slice(Math.max(0, headerEnd - 3), headerEnd))) return headerEnd;
  const newline = text.indexOf("\n", headerEnd);
  return newline === -1 ? text.length : newline;
}

/** Whether a line ends with a CR alone. A run of them before CRLF or the end does not count. */
function hasBareCr(text: string): boolean {
  for (let at = text.indexOf("\r"); at !== -1; at = text.indexOf("\r", at)) {
    while (text.charCodeAt(at) === 13) at++;
    if (at < text.length && text.charCodeAt(at) !== 10) return true;
  }
  return false;
}

/** The bytes of a message as readers see them that drop NUL and take a bare CR for a line end; null when that changes
 *  neither its header block nor its boundary lines. A CR before CRLF ends no line of its own. */
export function retell(text: string, headerEnd: number, { nul, bareCr }: LineEnds): Buffer | null {
  if (!nul && !bareCr) return null;
  const head = text.slice(0, headEnd(text, headerEnd));
  const decides = (nul && head.includes("\0")) || (bareCr && (hasBareCr(head) || text.includes("\r--")));
  if (!decides) return null;
  // Each run of CR at once: a pattern that looks for the LF behind would go through long runs again and again.
  const told = text
    .replaceAll("\0", "")
    .replace(/\r+\n?/g, (run) => (run.endsWith("\n") ? "\n" : "\n".repeat(run.length)));
  return Buffer.from(told, "latin1");
}
