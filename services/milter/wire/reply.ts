// Replies: changes that the filter asks for at the end of a message, and the reply that ends it.

import { asBuffer } from "../../../shared/as-buffer.ts";
import type { Change, Reply } from "../transaction.ts";
import * as c from "./constants.ts";
import { frame } from "./frame.ts";
import { type Agreement, hasLeadingSpace } from "./negotiation.ts";

export const continueFrame = frame(c.SMFIR_CONTINUE);
export const progressFrame = frame(c.SMFIR_PROGRESS);

const needed: Readonly<Record<Change["kind"], number>> = {
  "add header": c.SMFIF_ADDHDRS,
  "insert header": c.SMFIF_ADDHDRS,
  "change header": c.SMFIF_CHGHDRS,
  "delete header": c.SMFIF_CHGHDRS,
  "change from": c.SMFIF_CHGFROM,
  "add rcpt": c.SMFIF_ADDRCPT,
  "delete rcpt": c.SMFIF_DELRCPT,
  "replace body": c.SMFIF_CHGBODY,
  quarantine: c.SMFIF_QUARANTINE,
};

/** Whether the server said that it can do this. */
export function canChange(agreement: Agreement, change: Change): boolean {
  return (agreement.actions & needed[change.kind]) !== 0;
}

const nul = Buffer.alloc(1);

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`, "utf8");
}

function index(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value, 0);
  return bytes;
}

/** Names, values and addresses have been checked: none holds a NUL. Values fold with LF. */
export function encodeChange(agreement: Agreement, change: Change): Buffer {
  // With SMFIP_HDR_LEADSPC the server adds no space after the colon.
  const value = (raw: string) => text(hasLeadingSpace(agreement) ? ` ${raw}` : raw);
  switch (change.kind) {
    case "add header":
      return frame(c.SMFIR_ADDHEADER, text(change.name), value(change.value));
    case "insert header":
      return frame(c.SMFIR_INSHEADER, index(change.index), text(change.name), value(change.value));
    case "change header":
      return frame(c.SMFIR_CHGHEADER, index(change.index), text(change.name), value(change.value));
    case "delete header":
      return frame(c.SMFIR_CHGHEADER, index(change.index), text(change.name), nul);
    case "change from":
      return frame(c.SMFIR_CHGFROM, text(`<${change.address}>`));
    case "add rcpt":
      return frame(c.SMFIR_ADDRCPT, text(`<${change.address}>`));
    case "delete rcpt":
      return frame(c.SMFIR_DELRCPT, text(`<${change.address}>`));
    case "replace body":
      return encodeBody(change.body);
    case "quarantine":
      return frame(c.SMFIR_QUARANTINE, text(change.reason));
  }
}

/** Packets without a break between them: Postfix takes a body only as one run. An empty body is one empty packet. */
function encodeBody(body: Uint8Array): Buffer {
  const bytes = asBuffer(body);
  const packets = [frame(c.SMFIR_REPLBODY, bytes.subarray(0, c.MILTER_CHUNK_SIZE))];
  for (let at = c.MILTER_CHUNK_SIZE; at < bytes.length; at += c.MILTER_CHUNK_SIZE) {
    packets.push(frame(c.SMFIR_REPLBODY, bytes.subarray(at, at + c.MILTER_CHUNK_SIZE)));
  }
  return Buffer.concat(packets);
}

export function encodeReply(reply: Reply): Buffer {
  switch (reply.kind) {
    case "accept":
      return frame(c.SMFIR_ACCEPT);
    case "discard":
      return frame(c.SMFIR_DISCARD);
    case "refuse":
      return frame(c.SMFIR_REPLYCODE, text(reply.text));
  }
}
