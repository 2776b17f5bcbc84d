// Where read receipts go (RFC 8098).

import { defineCheck } from "../../shared/check.ts";
import { mailbox } from "../../shared/message/address.ts";
import { first } from "../../shared/message/header.ts";
import type { Headers, Mailbox } from "../../shared/task.ts";
import { sameAddress, sameDomain } from "./mailbox-pair.ts";

/** The address that a read receipt goes to (RFC 8098, 2.1). */
export function receiptTo(headers: Headers): Mailbox | null {
  const value = first(headers, "disposition-notification-to")?.value.slice(0, 1_024);
  if (value === undefined) return null;
  const found = /<([^<>\s]+)>/.exec(value)?.[1] ?? value.trim();
  const box = mailbox("", found);
  return box.valid ? box : null;
}

export const readReceipt = defineCheck({
  name: "CHECK_READ_RECEIPT",
  about: "Compares the address for read receipts with the sender.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols: {
    HEADER_FORGED_MDN: { score: 2, about: "A read receipt would go to somebody who is not the envelope sender." },
    HEADER_RCONFIRM_MISMATCH: { score: 2, about: "X-Confirm-Reading-To is not the author." },
  },
  run(task, ctx) {
    const { envelope, headers } = task;
    const receipt = receiptTo(headers);
    // RFC 8098, 2.1: a receipt should not be sent when the address differs from the return path.
    if (receipt !== null && envelope.from !== undefined && !sameAddress(receipt, mailbox("", envelope.from))) {
      ctx.hit("HEADER_FORGED_MDN", { options: [receipt.address] });
    }
    const confirm = first(headers, "x-confirm-reading-to")?.value.slice(0, 1_024);
    const author = headers.from[0];
    if (confirm === undefined || author === undefined) return;
    const reader = mailbox("", /<([^<>\s]+)>/.exec(confirm)?.[1] ?? confirm.trim());
    if (reader.valid && !sameAddress(reader, author) && !sameDomain(reader, author)) {
      ctx.hit("HEADER_RCONFIRM_MISMATCH", { options: [reader.address] });
    }
  },
});
