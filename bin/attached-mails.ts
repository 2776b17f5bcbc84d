// The mails that are attached to a mail (message/rfc822): what people forward "as attachment" to an address for reports.

import { analyse } from "../shared/message/analyse.ts";
import { decodeTransfer } from "../shared/message/transfer.ts";

/** Whole, as they were received; one within another is not told apart. */
export function attachedMails(mail: Buffer): readonly Buffer[] {
  const { parts } = analyse(mail).structure;
  const within = new Set<number>();
  const mails: Buffer[] = [];
  for (const { id, parent, type, start, end, encoding, reading } of parts) {
    if (reading !== undefined || within.has(parent)) within.add(id);
    else if (type === "message/rfc822" || type === "message/global") {
      within.add(id);
      mails.push(decodeTransfer(mail.subarray(start, end), encoding).bytes);
    }
  }
  return mails;
}
