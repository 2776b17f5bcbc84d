// The question of a resolver as a DNS message (RFC 1035, 4.1; EDNS: RFC 6891).

import type { RecordType } from "./dns.ts";
import { nameSize, writeName } from "./name.ts";
import { typeNumbers } from "./record-data.ts";

export const headerSize = 12;
export const inClass = 1;

/** What a reply over UDP may measure: no path drops or splits it (DNS flag day 2020; RFC 9715, 3.1). */
const udpSize = 1232;

const optionRecord = Buffer.from([0, 0, 41, udpSize >> 8, udpSize & 255, 0, 0, 0, 0, 0, 0]);

export interface QueryOptions {
  /** Whether the server knows EDNS. */
  readonly edns: boolean;
  /** Whether to ask for the AD bit. RFC 6840, 5.7: it need not come with the records that prove it (DO). */
  readonly dnssec: boolean;
}

/** A question for a canonical name, or for the root (""). */
export function writeQuery(id: number, name: string, type: RecordType, { edns, dnssec }: QueryOptions): Buffer {
  const bytes = Buffer.alloc(questionEnd(name) + (edns ? optionRecord.length : 0));
  bytes.writeUInt16BE(id, 0);
  bytes[2] = 0x01; // RD: the name server does the work
  bytes[3] = dnssec ? 0x20 : 0;
  bytes[5] = 1; // one question
  bytes[11] = edns ? 1 : 0;
  const at = writeName(bytes, headerSize, name);
  bytes.writeUInt16BE(typeNumbers[type], at);
  bytes.writeUInt16BE(inClass, at + 2);
  if (edns) optionRecord.copy(bytes, at + 4);
  return bytes;
}

/** The place behind the question of a message that `writeQuery` made for this name. */
export function questionEnd(name: string): number {
  return headerSize + nameSize(name) + 4;
}
