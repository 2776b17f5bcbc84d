// Replies of name servers, read strictly: no count and no length is trusted, and what is not ours is told apart from what
// is broken (RFC 1035, 4.1; RFC 5452, 9.1; RFC 6891, 6.1.3).

import { readName } from "./name.ts";
import { headerSize, inClass, questionEnd } from "./query-message.ts";

/** One record as it lies in the message; its data is looked at when it is wanted. */
export interface RawRecord {
  readonly owner: string;
  readonly type: number;
  /** Seconds. */
  readonly ttl: number;
  /** Where its data lies: [start, end). */
  readonly start: number;
  readonly end: number;
}

export interface Reply {
  /** With the upper bits of EDNS. */
  readonly code: number;
  /** Cut: the whole of it is to be had over TCP. Then it has no records here. */
  readonly truncated: boolean;
  /** AD. */
  readonly authentic: boolean;
  /** RA: the server looks elsewhere for what it does not know. */
  readonly recursive: boolean;
  /** Of the Internet class. */
  readonly answers: readonly RawRecord[];
  readonly authority: readonly RawRecord[];
}

/** Records in a message, of all sections together; beyond that nobody has a use for it. */
export const maxRecords = 1_000;

const formatError = 1;
const notImplemented = 4;
const optionType = 41;

/**
 * Reads the reply to a query for `name`, `query` being what was sent. Undefined when it is no reply to it at all: somebody
 * else's, or forged. An Error when it is one, and broken.
 */
export function readReply(message: Buffer, query: Buffer, name: string): Reply | Error | undefined {
  if (message.length < headerSize || message[0] !== query[0] || message[1] !== query[1]) return undefined;
  const flags = message.readUInt16BE(2);
  if ((flags & 0x8000) === 0 || (flags & 0x7800) !== 0) return undefined; // QR, and the opcode of the query
  const code = flags & 15;
  const bare = { code, truncated: false, authentic: false, recursive: true, answers: [], authority: [] };
  // A server that does not understand the query need not repeat the question.
  const isComplaint = code === formatError || code === notImplemented;
  if (isComplaint && message.readUInt16BE(4) === 0) return bare;
  const end = questionEnd(name);
  if (message.readUInt16BE(4) !== 1 || !sameQuestion(message, query, end)) return undefined;
  if ((flags & 0x0200) !== 0) return { ...bare, truncated: true };
  const counts = [message.readUInt16BE(6), message.readUInt16BE(8), message.readUInt16BE(10)] as const;
  if (counts[0] + counts[1] + counts[2] > maxRecords) return new Error("too many records");
  const answers: RawRecord[] = [];
  const authority: RawRecord[] = [];
  const extended = { code };
  let at: number | undefined = end;
  at = readSection(message, at, counts[0], name, answers);
  at = at && readSection(message, at, counts[1], name, authority);
  at = at && readSection(message, at, counts[2], name, undefined, extended);
  if (at === undefined) return new Error("malformed reply");
  return {
    code: extended.code,
    truncated: false,
    authentic: (flags & 0x20) !== 0,
    recursive: (flags & 0x80) !== 0,
    answers,
    authority,
  };
}

/** Whether the question is repeated, in whatever case: bytes 0x41 to 0x5a and 0x61 to 0x7a differ in one bit. */
function sameQuestion(message: Buffer, query: Buffer, end: number): boolean {
  if (message.length < end) return false;
  for (let at = headerSize; at < end; at++) {
    const sent = query[at] ?? 0;
    const came = message[at] ?? 0;
    if (sent !== came && !(sent >= 0x61 && sent <= 0x7a && came === sent - 0x20)) return false;
  }
  return true;
}

/** Reads `count` records into `into`. Answers with the place behind them, undefined when they are not there. */
function readSection(
  message: Buffer,
  start: number,
  count: number,
  question: string,
  into: RawRecord[] | undefined,
  extended?: { code: number },
): number | undefined {
  let at = start;
  for (let index = 0; index < count; index++) {
    let owner = question;
    // Nearly every record is owned by the name of the question, and says so with a pointer to it.
    if (message[at] === 0xc0 && message[at + 1] === headerSize) {
      at += 2;
    } else {
      const read = readName(message, at);
      if (read === undefined) return undefined;
      owner = read.name;
      at = read.end;
    }
    if (at + 10 > message.length) return undefined;
    const type = message.readUInt16BE(at);
    const recordClass = message.readUInt16BE(at + 2);
    const ttl = message.readUInt32BE(at + 4);
    const dataStart = at + 10;
    const dataEnd = dataStart + message.readUInt16BE(at + 8);
    if (dataEnd > message.length) return undefined;
    at = dataEnd;
    if (type === optionType) {
      if (extended) extended.code |= (ttl >>> 24) << 4; // RFC 6891, 6.1.3
    } else if (recordClass === inClass && into) {
      // RFC 2181, 8: a TTL with the highest bit set is none.
      into.push({ owner, type, ttl: ttl > 0x7fffffff ? 0 : ttl, start: dataStart, end: dataEnd });
    }
  }
  return at;
}
