// Request fields -> envelope (R 1.2).

import { clientName } from "../../shared/client-name.ts";
import { canonicalIp } from "../../shared/message/ip.ts";
import type { Envelope } from "../../shared/task.ts";
import { parseEnvelopeAddress, splitAddresses } from "./envelope-address.ts";
import type { RequestFields } from "./request-fields.ts";

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Text fields that are taken as they come: request header, key of the envelope. */
const plainFields = [
  ["helo", "helo"],
  ["user", "user"],
  ["queue-id", "queueId"],
  ["mta-name", "mtaName"],
  ["mta-tag", "mtaTag"],
  ["tls-cipher", "tlsCipher"],
  ["tls-version", "tlsVersion"],
  ["tls-cert-issuer", "tlsIssuer"],
  ["mailer", "mailer"],
  ["filename", "filename"],
] as const;

/** Longer values are cut: nothing sensible is longer, and they go into logs and history. */
const maxValue = 2048;

/** Builds the envelope. Nothing in it makes a scan fail: an unreadable address is noted in `invalid`. */
export function readEnvelope(fields: RequestFields): Envelope {
  const invalid: string[] = [];
  const envelope: Writable<Envelope> = { rcpts: readRcpts(fields.rcpts, invalid) };
  for (const [header, key] of plainFields) {
    const value = fields.first.get(header);
    if (value !== undefined && value !== "") envelope[key] = value.length > maxValue ? value.slice(0, maxValue) : value;
  }
  const hostname = clientName(fields.first.get("hostname")?.trim());
  if (hostname !== undefined) envelope.hostname = hostname.slice(0, maxValue);
  const from = fields.first.get("from");
  if (from !== undefined) {
    const address = parseEnvelopeAddress(from);
    if (address === null) invalid.push(from.slice(0, maxValue));
    else envelope.from = address;
  }
  const ip = canonicalIp(fields.first.get("ip")?.trim() ?? "");
  if (ip !== "") envelope.ip = ip;
  const deliverTo = fields.first
    .get("deliver-to")
    ?.trim()
    .replace(/^<(.*)>$/, "$1");
  if (deliverTo !== undefined && deliverTo !== "") envelope.deliverTo = deliverTo.slice(0, maxValue);
  if (fields.mailArgs.length > 0) envelope.mailArgs = readArgs(fields.mailArgs);
  if (fields.rcptArgs.length > 0) envelope.rcptArgs = readRcptArgs(fields.rcptArgs, envelope.rcpts.length);
  if (invalid.length > 0) envelope.invalid = invalid;
  return envelope;
}

function readRcpts(lines: readonly string[], invalid: string[]): string[] {
  const rcpts: string[] = [];
  for (const line of lines) {
    for (const text of line.includes(",") ? splitAddresses(line) : [line]) {
      const address = parseEnvelopeAddress(text);
      if (address === null || address === "") invalid.push(text.slice(0, maxValue));
      else rcpts.push(address);
    }
  }
  return rcpts;
}

/** "SIZE=1000" or "SMTPUTF8"; names in upper case, as RFC 5321, 4.1.2 compares them without case. */
function readArgs(lines: readonly string[]): Record<string, string> {
  const args: Record<string, string> = {};
  for (const line of lines) {
    const equals = line.indexOf("=");
    const name = (equals < 0 ? line : line.slice(0, equals)).trim().toUpperCase();
    if (/^[A-Z\d][A-Z\d-]{0,63}$/.test(name)) args[name] = equals < 0 ? "" : line.slice(equals + 1).trim();
  }
  return args;
}

/** "0:NOTIFY=NEVER": the number says which recipient, from 0. */
function readRcptArgs(lines: readonly string[], rcpts: number): Record<string, string>[] {
  const byRcpt: string[][] = Array.from({ length: rcpts }, () => []);
  for (const line of lines) {
    const [, index, arg] = /^\s*(\d{1,6}):(.*)$/.exec(line) ?? [];
    if (index !== undefined && arg !== undefined) byRcpt[Number(index)]?.push(arg);
  }
  return byRcpt.map(readArgs);
}
