// A name for a mail that is the same when it is scanned and when its reader reports it: the symbols that it had are found
// again by it. The copy in a mailbox has other trace headers and other line ends, and perhaps ">" before lines that begin with
// From (RFC 4155), so it is made of Message-ID and texts.

import { hash } from "node:crypto";
import type { Facts } from "../../shared/task.ts";

/** Of each text that many units, of so many texts: enough to tell mails of one Message-ID apart. */
const units = 1_000;
const texts = 4;

/** 32 hexadecimal digits. */
export function mailName({ headers, text }: Pick<Facts, "headers" | "text">): string {
  const id = headers.messageId ?? `${headers.from[0]?.address} ${headers.date} ${headers.subject}`;
  const starts = text.slice(0, texts).map((one) => {
    const start = one.text.slice(0, 2 * units).replace(/^>+(?=From )/gm, "");
    return start.slice(0, units).trimEnd();
  });
  return hash("sha256", [id, ...starts].join("\0")).slice(0, 32);
}
