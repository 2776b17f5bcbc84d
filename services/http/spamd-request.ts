// The request of clients that speak SpamAssassin's protocol or Rspamd's oldest one: looks like HTTP and is none.
//   CHECK SPAMC/1.5 CRLF  Content-length: 123 CRLF  CRLF  message

import { Fault } from "../../shared/fault.ts";

export interface SpamdHead {
  readonly verb: "CHECK" | "SYMBOLS" | "PING";
  readonly protocol: "RSPAMC" | "SPAMC";
  /** Name, value, name, value..., as Node gives those of HTTP. */
  readonly rawHeaders: readonly string[];
  /** Bytes of the message; null when it ends with the connection. */
  readonly length: number | null;
  /** Bytes of the head. */
  readonly size: number;
}

/** Whether a connection that is no HTTP begins like this. */
export function looksLikeSpamd(bytes: Buffer): boolean {
  return /^(?:CHECK|SYMBOLS|PING) R?SPAMC\//.test(bytes.toString("latin1", 0, 24));
}

/** Reads the head; null until its empty line has come. Fault `bad-input`. */
export function parseSpamdHead(bytes: Buffer): SpamdHead | null {
  const end = endOfHead(bytes);
  if (end === null) return null;
  const [first = "", ...lines] = bytes.toString("latin1", 0, end.at).split(/\r?\n/);
  const [, verb, protocol] = /^(CHECK|SYMBOLS|PING) (R?SPAMC)\/\d\.\d\s*$/.exec(first) ?? [];
  if (!isVerb(verb) || !isProtocol(protocol)) throw new Fault("bad-input", "the command is not understood");
  const rawHeaders: string[] = [];
  let length: number | null = null;
  for (const text of lines) {
    const colon = text.indexOf(":");
    if (colon < 1) continue;
    const name = text.slice(0, colon).trim().toLowerCase();
    const value = text.slice(colon + 1).trim();
    // In SpamAssassin's protocol the user is whose rules apply, not who logged in to send.
    if (protocol === "SPAMC" && name === "user") continue;
    if (name === "content-length") length = lengthOf(value);
    rawHeaders.push(name, value);
  }
  return { verb, protocol, rawHeaders, length, size: end.size };
}

function endOfHead(bytes: Buffer): { at: number; size: number } | null {
  const crlf = bytes.indexOf("\r\n\r\n");
  const lf = bytes.indexOf("\n\n");
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return { at: crlf, size: crlf + 4 };
  return lf < 0 ? null : { at: lf, size: lf + 2 };
}

function lengthOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new Fault("bad-input", "the length is no number");
  return Number(text);
}

function isVerb(text: string | undefined): text is SpamdHead["verb"] {
  return text === "CHECK" || text === "SYMBOLS" || text === "PING";
}

function isProtocol(text: string | undefined): text is SpamdHead["protocol"] {
  return text === "RSPAMC" || text === "SPAMC";
}
