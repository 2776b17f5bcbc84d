// The DNS of the openspf suites: names with lists of records, and words for what goes wrong.

import type { Dns, DnsAnswer, RecordData, RecordType } from "../../../shared/dns/dns.ts";
import { canonicalIp } from "../../../shared/message/ip.ts";

/** `{ A: "192.0.2.1" }`, `{ MX: [10, "name"] }`, `{ TXT: ["strings", "joined"] }`, "TIMEOUT" for what has no record there. */
export type SuiteZone = Readonly<Record<string, readonly (string | Readonly<Record<string, unknown>>)[]>>;

type Entry = readonly [type: string, value: unknown];

/** `asked` gets each query: "TXT example.org". */
export function suiteDns(zone: SuiteZone, asked: string[] = []): Dns {
  const names = new Map(Object.entries(zone).map(([name, entries]) => [nameOf(name), entriesOf(entries)]));
  return {
    async query<Type extends RecordType>(name: string, type: Type) {
      asked.push(`${type} ${name}`);
      return answer<Type>(names, nameOf(name), type, 0);
    },
  };
}

function nameOf(text: unknown): string {
  return String(text).toLowerCase().replace(/\.$/, "");
}

/** "SPF" stands for TXT too, unless the name has TXT records of its own or says that it has none. */
function entriesOf(written: SuiteZone[string]): readonly Entry[] {
  const entries: Entry[] = written.flatMap((entry): Entry[] =>
    typeof entry === "string" ? [[entry, ""]] : Object.entries(entry),
  );
  if (entries.some(([type]) => type === "TXT")) return entries.filter(([, value]) => value !== "NONE");
  return entries.map(([type, value]) => [type === "SPF" ? "TXT" : type, value]);
}

function answer<Type extends RecordType>(
  names: ReadonlyMap<string, readonly Entry[]>,
  name: string,
  type: Type,
  depth: number,
): DnsAnswer<RecordData[Type]> {
  const entries = names.get(name);
  if (entries === undefined) {
    const above = [...names.keys()].some((other) => other.endsWith(`.${name}`));
    return { status: above ? "no-record" : "no-name", secure: false };
  }
  const records = entries.filter(([found]) => found === type).map(([, value]) => dataOf(type, value));
  // Made by `dataOf` for the type that was asked for.
  if (records.length > 0) return { status: "found", records: records as RecordData[Type][], ttl: 60, secure: false };
  if (entries.some(([found]) => found === "TIMEOUT")) return { status: "failed", reason: "timeout" };
  const alias = entries.find(([found]) => found === "CNAME");
  if (alias === undefined) return { status: "no-record", secure: false };
  if (depth > 8) return { status: "failed", reason: "SERVFAIL" };
  return answer(names, nameOf(alias[1]), type, depth + 1);
}

function dataOf(type: RecordType, value: unknown): RecordData[RecordType] {
  if (type === "TXT") return Array.isArray(value) ? value.join("") : String(value);
  if (type === "A" || type === "AAAA") return canonicalIp(String(value));
  if (type === "MX" && Array.isArray(value)) return { preference: Number(value[0]), exchange: nameOf(value[1]) };
  return nameOf(value);
}
