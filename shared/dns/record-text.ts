// The data of a record as people write it: "10 mail.example.org", "192.0.2.1", "v=spf1 -all".

import { canonicalIp } from "../message/ip.ts";
import type { RecordData, RecordType } from "./dns.ts";
import { canonicalName } from "./name.ts";

/** An Error says what the text should have been. */
type DataOf<Data> = (text: string) => Data | Error;

function nameOf(text: string): string | Error {
  // "." is the root: there is no mail for the domain (RFC 7505).
  return text === "." ? "" : (canonicalName(text) ?? new Error(`"${text}" is no name of the DNS`));
}

function addressOf(text: string, isVersion6: boolean): string | Error {
  const address = canonicalIp(text);
  if (address !== "" && address.includes(":") === isVersion6) return address;
  return new Error(`"${text}" is no IPv${isVersion6 ? 6 : 4} address`);
}

const dataOf: { readonly [Type in RecordType]: DataOf<RecordData[Type]> } = {
  A: (text) => addressOf(text, false),
  AAAA: (text) => addressOf(text, true),
  PTR: nameOf,
  NS: nameOf,
  CNAME: nameOf,
  MX(text) {
    const [, preference = "", written = ""] = /^(\d{1,5})\s+(\S+)$/.exec(text) ?? [];
    const exchange = preference === "" ? new Error("an MX has a number and a name") : nameOf(written);
    return exchange instanceof Error ? exchange : { preference: Number(preference), exchange };
  },
  TXT: textOf,
};

/** One char a byte, like the data of a resolver. Quoted strings are joined; \" \\ and \DDD as in RFC 1035, 5.1. */
function textOf(text: string): string {
  const bytes = Buffer.from(text, "utf8").toString("latin1");
  if (!bytes.startsWith('"')) return bytes;
  const strings = [...bytes.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, inner = ""]) => inner);
  return strings
    .join("")
    .replace(/\\(\d{3}|.)/g, (_, code: string) => (code.length === 3 ? String.fromCharCode(Number(code) & 255) : code));
}

export const recordTypes = Object.keys(dataOf);

/** Of letters in any case. */
export function recordTypeOf(text: string): RecordType | undefined {
  const type = text.toUpperCase();
  return Object.hasOwn(dataOf, type) ? (type as RecordType) : undefined;
}

export function readRecordText<Type extends RecordType>(type: Type, text: string): RecordData[Type] | Error {
  return dataOf[type](text);
}
