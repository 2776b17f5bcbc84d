// Replies of a test's name server: messages written from what a zone says, and read no further than a test needs.

import type { RecordType } from "./dns.ts";
import { readName } from "./name.ts";
import { typeNumbers } from "./record-data.ts";
import { type ZoneRecord, type ZoneReply, zoneTtl } from "./zone.testing.ts";

/** A query as it came. */
export interface Asked {
  readonly id: number;
  readonly name: string;
  readonly type: RecordType;
  readonly over: "udp" | "tcp";
  /** Port of the client. */
  readonly from: number;
  /** What a reply over UDP may measure: 512 without EDNS. */
  readonly size: number;
  readonly edns: boolean;
  /** Asked for the AD bit. */
  readonly dnssec: boolean;
  /** From the name to the class, as it stands in the message. */
  readonly question: Buffer;
}

/** Undefined when it is no query with one question of a known type. */
export function readQuery(message: Buffer, over: Asked["over"], from: number): Asked | undefined {
  const read = message.length > 16 ? readName(message, 12) : undefined;
  if (read === undefined || message.length < read.end + 4) return undefined;
  const number = message.readUInt16BE(read.end);
  const [type] = (Object.keys(typeNumbers) as RecordType[]).filter((name) => typeNumbers[name] === number);
  const edns = message.readUInt16BE(10) === 1;
  return (
    type && {
      id: message.readUInt16BE(0),
      name: read.name,
      type,
      over,
      from,
      size: edns ? message.readUInt16BE(read.end + 7) : 512,
      edns,
      dnssec: ((message[3] ?? 0) & 0x20) !== 0,
      question: message.subarray(12, read.end + 4),
    }
  );
}

/** What makes up a message; sections hold whole records. */
export interface MessageParts {
  readonly code?: number;
  readonly truncated?: boolean;
  readonly authentic?: boolean;
  /** Default: true. */
  readonly recursive?: boolean;
  readonly answers?: readonly Buffer[];
  readonly authority?: readonly Buffer[];
  readonly additional?: readonly Buffer[];
}

export function writeMessage({ id, question }: Pick<Asked, "id" | "question">, parts: MessageParts): Buffer {
  const { code = 0, truncated = false, authentic = false, recursive = true } = parts;
  const { answers = [], authority = [], additional = [] } = parts;
  const header = Buffer.alloc(12);
  header.writeUInt16BE(id, 0);
  header[2] = 0x81 | (truncated ? 2 : 0);
  header[3] = (recursive ? 0x80 : 0) | (authentic ? 0x20 : 0) | code;
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  header.writeUInt16BE(authority.length, 8);
  header.writeUInt16BE(additional.length, 10);
  return Buffer.concat([header, question, ...answers, ...authority, ...additional]);
}

/** Labels at full length. */
export function nameBytes(name: string): Buffer {
  const labels = name === "" ? [] : name.split(".");
  const pieces = labels.map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, "latin1"));
  return Buffer.concat([...pieces, Buffer.from([0])]);
}

/** One record, whatever its data. `owner` is a name, or the bytes that stand for one. */
export function recordBytes(owner: string | Buffer, type: number, data: Buffer, ttl = zoneTtl): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(ttl, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([typeof owner === "string" ? nameBytes(owner) : owner, fixed, data]);
}

/** A start of authority. `minimum` and `ttl` in seconds. */
export function authorityBytes(owner: string, minimum: number, ttl = minimum): Buffer {
  const numbers = Buffer.alloc(20);
  numbers.writeUInt32BE(minimum, 16);
  return recordBytes(owner, 6, Buffer.concat([nameBytes("ns"), nameBytes("hostmaster"), numbers]), ttl);
}

export function dataBytes({ type, data }: ZoneRecord): Buffer {
  switch (type) {
    case "A":
      return Buffer.from(data.split(".").map(Number));
    case "AAAA": {
      const [head = "", tail] = data.split("::");
      const groups = (text: string) => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)));
      const after = groups(tail ?? "");
      const all = [...groups(head), ...new Array<number>(8).fill(0)].slice(0, 8 - after.length).concat(after);
      return Buffer.from(all.flatMap((group) => [group >> 8, group & 255]));
    }
    case "TXT": {
      const strings = data === "" ? [""] : (data.match(/.{1,255}/gs) ?? []);
      return Buffer.concat(strings.map((text) => Buffer.from(`${String.fromCharCode(text.length)}${text}`, "latin1")));
    }
    case "MX":
      return Buffer.concat([Buffer.from([data.preference >> 8, data.preference & 255]), nameBytes(data.exchange)]);
    default:
      return nameBytes(data);
  }
}

const codes: Readonly<Record<string, number>> = { "no-name": 3, SERVFAIL: 2, REFUSED: 5 };

/** The whole reply, however large; undefined for none. */
export function zoneReply(asked: Asked, { status, aliases, records, secure }: ZoneReply): Buffer | undefined {
  if (status === "TIMEOUT") return undefined;
  const answers = aliases.map(([from, to]) => recordBytes(from, typeNumbers.CNAME, nameBytes(to)));
  const owner = aliases.at(-1)?.[1] ?? Buffer.from([0xc0, 12]);
  for (const record of records) answers.push(recordBytes(owner, typeNumbers[record.type], dataBytes(record)));
  // The data is said to be longer than the message.
  if (status === "MALFORMED") answers.push(recordBytes("", typeNumbers[asked.type], Buffer.alloc(8)).subarray(0, -4));
  return writeMessage(asked, {
    code: codes[status] ?? 0,
    authentic: secure && asked.dnssec,
    answers,
    authority: status === "no-name" || status === "no-record" ? [authorityBytes("", 60)] : [],
  });
}
