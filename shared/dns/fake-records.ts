// `options.dns.fake_records`: what an operator says the DNS holds. It counts instead of what name servers say, for the name
// and type that are written, so that a site can be tried without a zone, and a name answered that nobody else knows.

import { custom, type Notes } from "../config/schema.ts";
import { isUclObject, type Ucl } from "../config/ucl.ts";
import type { DnsAnswer, RecordData, RecordType } from "./dns.ts";
import { canonicalName } from "./name.ts";
import { readRecordText, recordTypeOf, recordTypes } from "./record-text.ts";
import { failed } from "./reply-answer.ts";

type AnyAnswer = DnsAnswer<RecordData[RecordType]>;

interface FakeRecord {
  readonly name: string;
  readonly type: RecordType;
  readonly answer: AnyAnswer;
}

/** By type and name, as `questionKey` puts them together. */
export type FakeRecords = ReadonlyMap<string, AnyAnswer>;

/** Of a canonical name. */
export function questionKey(name: string, type: RecordType): string {
  return `${type} ${name}`;
}

/** Seconds, for who asks how long an answer holds. */
const ttl = 60;

/** Words of Rspamd's resolver for what a name server may say. */
const nothing: Readonly<Record<string, "no-record" | "no-name">> = {
  noerror: "no-record",
  norec: "no-record",
  nxdomain: "no-name",
};
const failures = ["servfail", "refused", "timeout", "formerr", "notimp", "neterr"];
const codes = [...Object.keys(nothing), ...failures];

function answerOf(type: RecordType, code: string, replies: readonly string[]): AnyAnswer | Error {
  if (failures.includes(code)) return failed(code === "timeout" ? code : code.toUpperCase());
  const status = nothing[code];
  if (status === undefined) return new Error(`has the rcode "${code}": there are ${codes.join(", ")}`);
  if (status === "no-name" || replies.length === 0) return { status, secure: false };
  const records: RecordData[RecordType][] = [];
  for (const reply of replies) {
    const data = readRecordText(type, reply);
    if (data instanceof Error) return data;
    records.push(data);
  }
  return { status: "found", records, ttl, secure: false };
}

const keys = ["name", "type", "rcode", "replies"];

function readRecord(value: Ucl): FakeRecord | Error {
  if (!isUclObject(value)) return new Error("must be a section");
  const odd = Object.keys(value).find((key) => !keys.includes(key));
  if (odd !== undefined) return new Error(`has the key "${odd}": there are ${keys.join(", ")}`);
  const { name: written = "", type: word = "a", rcode = "noerror", replies = [] } = value;
  const texts = Array.isArray(replies) ? replies : [replies];
  const name = typeof written === "string" ? canonicalName(written) : undefined;
  if (name === undefined) return new Error("takes the name that is asked for");
  const type = typeof word === "string" ? recordTypeOf(word) : undefined;
  if (type === undefined) return new Error(`has a type that no check asks for: there are ${recordTypes.join(", ")}`);
  if (!texts.every((text) => typeof text === "string")) return new Error("has replies that are no texts");
  const answer = answerOf(type, String(rcode).toLowerCase(), texts);
  return answer instanceof Error ? answer : { name, type, answer };
}

function readRecords(value: Ucl, notes: Notes): readonly FakeRecord[] {
  const given = Array.isArray(value) ? value : [value];
  return given.flatMap((part, at) => {
    const record = readRecord(part);
    if (!(record instanceof Error)) return [record];
    notes.error([at], record.message);
    return [];
  });
}

export const fakeRecords = custom<readonly FakeRecord[]>(
  [],
  "Answers instead of those of the name servers: a list of name, type (a, txt ...), and replies or rcode.",
  readRecords,
);

/** Of records of one question the last counts. */
export function fakeAnswers(records: readonly FakeRecord[]): FakeRecords {
  return new Map(records.map(({ name, type, answer }) => [questionKey(name, type), answer]));
}
