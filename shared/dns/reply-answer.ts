// From a reply to the answer for a check: only the name that was asked for and its aliases count, whatever else stands in
// the message.

import type { DnsAnswer, RecordData, RecordType } from "./dns.ts";
import { readData, readMinimum, typeNumbers } from "./record-data.ts";
import type { RawRecord, Reply } from "./reply-message.ts";

/** An answer, and the seconds that it may be kept; undefined where the name server does not say. */
export interface Understood<Type extends RecordType> {
  readonly answer: DnsAnswer<RecordData[Type]>;
  readonly ttl: number | undefined;
}

/** Aliases from the name that was asked for to the one that has the records. Real chains have one or two. */
const maxAliases = 12;

const startOfAuthority = 6;

const codes: Readonly<Record<number, string>> = {
  1: "FORMERR",
  2: "SERVFAIL",
  4: "NOTIMP",
  5: "REFUSED",
  16: "BADVERS",
};

/** Most answers say that there is nothing: one of each kind stands for all of them. */
const nothing = {
  "no-name": [
    { status: "no-name", secure: false },
    { status: "no-name", secure: true },
  ],
  "no-record": [
    { status: "no-record", secure: false },
    { status: "no-record", secure: true },
  ],
} as const;

export function failed(reason: string): { readonly status: "failed"; readonly reason: string } {
  return { status: "failed", reason };
}

/** `trusted`: whether the AD bit means something. */
export function understand<Type extends RecordType>(
  reply: Reply,
  message: Buffer,
  name: string,
  type: Type,
  trusted: boolean,
): Understood<Type> {
  const { code } = reply;
  if (code !== 0 && code !== 3) return { answer: failed(codes[code] ?? `RCODE ${code}`), ttl: undefined };
  const secure = trusted && reply.authentic;
  const end = type === "CNAME" ? { name, ttl: Number.POSITIVE_INFINITY } : followAliases(reply.answers, message, name);
  if (end instanceof Error) return { answer: failed(end.message), ttl: undefined };
  // RFC 6604, 3: the code speaks of the last name of the chain.
  if (code === 3) return { answer: nothing["no-name"][secure ? 1 : 0], ttl: negativeTtl(reply, message, end) };
  const records: RecordData[Type][] = [];
  const read = readData[type];
  let { ttl } = end;
  for (const record of reply.answers) {
    if (record.type !== typeNumbers[type] || record.owner !== end.name) continue;
    const data = read(message, record.start, record.end);
    if (data === undefined) return { answer: failed("malformed reply"), ttl: undefined };
    records.push(data);
    ttl = Math.min(ttl, record.ttl);
  }
  if (records.length > 0) return { answer: { status: "found", records: Object.freeze(records), ttl, secure }, ttl };
  const kept = negativeTtl(reply, message, end);
  // A server that refers to others, or has no idea, says nothing: RFC 2308, 2.2.
  if (kept === undefined && !reply.recursive) return { answer: failed("no recursion"), ttl: undefined };
  return { answer: nothing["no-record"][secure ? 1 : 0], ttl: kept };
}

interface ChainEnd {
  readonly name: string;
  /** Shortest on the way. */
  readonly ttl: number;
}

/** An Error when the chain goes in a circle, is longer than any real one, or cannot be read. */
function followAliases(answers: readonly RawRecord[], message: Buffer, name: string): ChainEnd | Error {
  let at: ChainEnd = { name, ttl: Number.POSITIVE_INFINITY };
  for (let count = 0; count <= maxAliases; count++) {
    const alias = answers.find(({ type, owner }) => type === typeNumbers.CNAME && owner === at.name);
    if (alias === undefined) return at;
    const target = readData.CNAME(message, alias.start, alias.end);
    if (target === undefined) return new Error("malformed reply");
    at = { name: target, ttl: Math.min(at.ttl, alias.ttl) };
  }
  return new Error("too many aliases");
}

/** RFC 2308, 5: from the start of authority of a zone that the name lies in. */
function negativeTtl({ authority }: Reply, message: Buffer, end: ChainEnd): number | undefined {
  for (const { type, owner, ttl, start, end: dataEnd } of authority) {
    if (type !== startOfAuthority || !liesIn(end.name, owner)) continue;
    const minimum = readMinimum(message, start, dataEnd);
    if (minimum !== undefined) return Math.min(end.ttl, ttl, minimum);
  }
  return undefined;
}

function liesIn(name: string, zone: string): boolean {
  return zone === "" || name === zone || name.endsWith(`.${zone}`);
}
