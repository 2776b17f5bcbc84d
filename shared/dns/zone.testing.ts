// DNS data for tests, from lines as they stand in case files:
//
//   example.org A 192.0.2.1              A, AAAA, TXT, MX, PTR, NS, CNAME; repeated for several records
//   example.org MX 10 mail.example.org
//   example.org TXT v=spf1 -all          the rest of the line, or "quoted" "strings" with \" \\ and \DDD, which are joined
//   *.example.org A 192.0.2.2            names below that have no line of their own (RFC 1034, 4.3.3)
//   example.org TXT !TIMEOUT             no answer to this question: !TIMEOUT, !SERVFAIL, !REFUSED, !MALFORMED
//   example.org * !SERVFAIL              ... whatever is asked of the name
//   example.org * !SECURE                answers carry the AD bit (DNSSEC)
//
// A name that has no line, and no name below it that has one, does not exist. One that has lines of other types has no
// record.

import { Fault } from "../fault.ts";
import type { DnsAnswer, MeasuredDns, RecordData, RecordType, Resolver } from "./dns.ts";
import { readRecordText, recordTypeOf, recordTypes } from "./record-text.ts";

/** A record of a type, with what stands in it. */
export type ZoneRecord = {
  readonly [Type in RecordType]: { readonly type: Type; readonly data: RecordData[Type] };
}[RecordType];

const faults = ["TIMEOUT", "SERVFAIL", "REFUSED", "MALFORMED"] as const;
export type ZoneFault = (typeof faults)[number];

interface ZoneName {
  readonly records: ZoneRecord[];
  /** By type, "*" for all. */
  readonly faults: Map<string, ZoneFault>;
  secure: boolean;
}

export type Zone = ReadonlyMap<string, ZoneName>;

/** What a zone has to say: aliases on the way, each from and to, and what lies at the end. */
export interface ZoneReply {
  readonly status: "found" | "no-record" | "no-name" | ZoneFault;
  readonly aliases: readonly (readonly [string, string])[];
  readonly records: readonly ZoneRecord[];
  readonly secure: boolean;
}

/** Seconds that records of a zone may be kept. */
export const zoneTtl = 300;

/** Faults with `bad-input` on a line that is none. */
export function parseZone(lines: readonly string[]): Zone {
  const zone = new Map<string, ZoneName>();
  for (const line of lines) {
    const [, written = "", type = "", value = ""] = /^\s*(\S+)\s+(\S+)\s+(.*?)\s*$/.exec(line) ?? [];
    if (value === "") throw bad(line, "it takes a name, a type and a value");
    const name = written.toLowerCase().replace(/\.$/, "");
    const known = zone.get(name) ?? { records: [], faults: new Map<string, ZoneFault>(), secure: false };
    zone.set(name, known);
    if (value === "!SECURE" && type === "*") known.secure = true;
    else if (value.startsWith("!")) known.faults.set(type, faultOf(line, value.slice(1)));
    else known.records.push(recordOf(line, type, value));
  }
  return zone;
}

function bad(line: string, why: string): Fault {
  return new Fault("bad-input", `zone ${line}: ${why}`);
}

function faultOf(line: string, word: string): ZoneFault {
  const found = faults.find((fault) => fault === word);
  if (found === undefined) throw bad(line, `there are !${faults.join(", !")}, and !SECURE for the type *`);
  return found;
}

function recordOf(line: string, written: string, value: string): ZoneRecord {
  const type = recordTypeOf(written);
  if (type === undefined) throw bad(line, `there are ${recordTypes.join(", ")}, and * for a word that begins with !`);
  const data = readRecordText(type, value);
  if (data instanceof Error) throw bad(line, data.message);
  // The data is of the type that it was read as.
  return { type, data } as ZoneRecord;
}

/** Follows aliases as a recursive name server does. */
export function lookUp(zone: Zone, name: string, type: RecordType): ZoneReply {
  const aliases: [string, string][] = [];
  let at = name.toLowerCase();
  let secure = true;
  // Deeper than any resolver goes: what a circle ends as.
  while (aliases.length < 16) {
    const found = zone.get(at) ?? wildcard(zone, at);
    secure &&= found?.secure ?? false;
    const fault = found?.faults.get(type) ?? found?.faults.get("*");
    if (fault !== undefined) return { status: fault, aliases, records: [], secure: false };
    const records = found?.records.filter((record) => record.type === type) ?? [];
    if (records.length > 0) return { status: "found", aliases, records, secure };
    const alias = found?.records.find((record) => record.type === "CNAME")?.data;
    if (typeof alias !== "string") {
      const exists = found !== undefined || hasNamesBelow(zone, at);
      return { status: exists ? "no-record" : "no-name", aliases, records: [], secure };
    }
    aliases.push([at, alias]);
    at = alias;
  }
  return { status: "SERVFAIL", aliases: [], records: [], secure: false };
}

/** The line for all names below the closest name that exists. */
function wildcard(zone: Zone, name: string): ZoneName | undefined {
  if (hasNamesBelow(zone, name)) return undefined;
  for (let dot = name.indexOf("."); dot !== -1; dot = name.indexOf(".", dot + 1)) {
    const above = name.slice(dot + 1);
    const found = zone.get(`*.${above}`);
    if (found !== undefined || zone.has(above) || hasNamesBelow(zone, above)) return found;
  }
  return undefined;
}

function hasNamesBelow(zone: Zone, name: string): boolean {
  for (const other of zone.keys()) if (other.endsWith(`.${name}`)) return true;
  return false;
}

/** The DNS of a test, in memory and at once. `asked` has what was asked: "TXT example.org". */
export interface ZoneDns extends MeasuredDns, Resolver {
  readonly asked: readonly string[];
}

export function zoneDns(lines: readonly string[]): ZoneDns {
  const zone = parseZone(lines);
  const asked: string[] = [];
  const use = { queries: 0, cached: 0, failed: 0, waited: 0, events: [] };
  const dns: ZoneDns = {
    asked,
    use,
    dnsFor: () => dns,
    async query<Type extends RecordType>(name: string, type: Type) {
      asked.push(`${type} ${name}`);
      use.queries += 1;
      return answerOf<Type>(lookUp(zone, name, type));
    },
  };
  return dns;
}

function answerOf<Type extends RecordType>({ status, records, secure }: ZoneReply): DnsAnswer<RecordData[Type]> {
  if (status === "no-record" || status === "no-name") return { status, secure };
  if (status !== "found") return { status: "failed", reason: reasons[status] };
  // `lookUp` answers with records of the type that was asked for.
  return { status, records: records.map(({ data }) => data as RecordData[Type]), ttl: zoneTtl, secure };
}

const reasons: Readonly<Record<ZoneFault, string>> = {
  TIMEOUT: "timeout",
  SERVFAIL: "SERVFAIL",
  REFUSED: "REFUSED",
  MALFORMED: "malformed reply",
};
