// The data of records: from the bytes of a DNS message to what checks see (RFC 1035, 3.3 and 3.4; RFC 3596, 2.2).

import { canonicalIp } from "../message/ip.ts";
import type { RecordData, RecordType } from "./dns.ts";
import { readName } from "./name.ts";

/** Numbers of the types (IANA). */
export const typeNumbers: Readonly<Record<RecordType, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
};

/** From `start` up to `end`, which lie in the message. Undefined when that is not exactly the data of one record. */
type ReadData<Data> = (message: Buffer, start: number, end: number) => Data | undefined;

export const readData: { readonly [Type in RecordType]: ReadData<RecordData[Type]> } = {
  A(message, start, end) {
    if (end - start !== 4) return undefined;
    return `${message[start]}.${message[start + 1]}.${message[start + 2]}.${message[start + 3]}`;
  },
  AAAA(message, start, end) {
    if (end - start !== 16) return undefined;
    const hex = message.toString("hex", start, end);
    return canonicalIp((hex.match(/..../g) ?? []).join(":"));
  },
  TXT: readStrings,
  MX(message, start, end) {
    if (end - start < 3) return undefined;
    const exchange = readOnlyName(message, start + 2, end);
    return exchange === undefined ? undefined : Object.freeze({ preference: message.readUInt16BE(start), exchange });
  },
  PTR: readOnlyName,
  NS: readOnlyName,
  CNAME: readOnlyName,
};

function readOnlyName(message: Buffer, start: number, end: number): string | undefined {
  const found = readName(message, start);
  return found?.end === end ? found.name : undefined;
}

/** One string or more, each after its length. */
function readStrings(message: Buffer, start: number, end: number): string | undefined {
  let text = "";
  let at = start;
  while (at < end) {
    const next = at + 1 + (message[at] ?? 0);
    if (next > end) return undefined;
    text += message.toString("latin1", at + 1, next);
    at = next;
  }
  return at > start ? text : undefined;
}

/** Seconds that a negative answer may be kept: the last field of the start of authority (RFC 2308, 4). */
export function readMinimum(message: Buffer, start: number, end: number): number | undefined {
  const primary = readName(message, start);
  const mailbox = primary && readName(message, primary.end);
  if (mailbox === undefined || mailbox.end + 20 !== end) return undefined;
  return message.readUInt32BE(mailbox.end + 16);
}
