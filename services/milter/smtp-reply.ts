// SMTP replies (RFC 5321, 4.2) as SMFIR_REPLYCODE carries them.

import type { Decision } from "./transaction.ts";

/** RFC 5321, 4.5.3.1.5: a line of a reply has at most 512 bytes, with code and line end. Escapes count double. */
const maxLine = 240;
/** libmilter takes no more (smfi_setmlreply). */
const maxLines = 32;

/** The reply with its codes: one line, or several joined by CRLF of which all but the last have a "-" after the code. */
export function smtpReply(code: string, enhanced: string, text: string): string {
  const lines = text
    .split(/\r\n|[\r\n]/)
    .map(printable)
    .filter((line) => line !== "")
    .slice(0, maxLines);
  if (lines.length === 0) return `${code} ${enhanced}`;
  const last = lines.length - 1;
  return lines.map((line, at) => `${code}${at === last ? " " : "-"}${enhanced} ${line}`).join("\r\n");
}

/** RFC 5321, 4.2: textstring is tab and printable ASCII. Servers read "%" as the start of a format, "%%" as itself. */
function printable(line: string): string {
  return line
    .toWellFormed()
    .replace(/[\x00-\x1f\x7f]/g, " ")
    .trim()
    .slice(0, maxLine)
    .replace(/[^\x20-\x7e]/gu, "?")
    .replaceAll("%", "%%");
}

/** "Not now": what a mail gets that could not be looked at. */
export function tempfail(message: string): Decision {
  return { changes: [], reply: { kind: "refuse", text: smtpReply("451", "4.7.1", message) } };
}
