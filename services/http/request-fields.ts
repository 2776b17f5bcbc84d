// What a client says about a message: request headers and, on the scan listener, query arguments, by lower-case name.

/** First value of each name, and all values of the few names that may be repeated. */
export interface RequestFields {
  readonly first: ReadonlyMap<string, string>;
  readonly rcpts: readonly string[];
  readonly mailArgs: readonly string[];
  readonly rcptArgs: readonly string[];
}

/**
 * Reads `rawHeaders` (name, value, name, value...). Unlike Node's own joined view it keeps repeated `Rcpt` apart, so
 * that a stray quote in one recipient cannot swallow the next. `query`: the text after "?", or "".
 */
export function readFields(rawHeaders: readonly string[], query: string): RequestFields {
  const fields = { first: new Map<string, string>(), rcpts: [], mailArgs: [], rcptArgs: [] };
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    addField(fields, (rawHeaders[at] ?? "").toLowerCase(), fromLatin1(rawHeaders[at + 1] ?? ""));
  }
  if (query !== "") {
    for (const [name, value] of new URLSearchParams(query)) addField(fields, name.toLowerCase(), value);
  }
  return fields;
}

interface Filling {
  first: Map<string, string>;
  rcpts: string[];
  mailArgs: string[];
  rcptArgs: string[];
}

function addField(fields: Filling, name: string, value: string): void {
  if (name === "rcpt") fields.rcpts.push(value);
  else if (name === "x-rspamd-mail-esmtp-args") fields.mailArgs.push(value);
  else if (name === "x-rspamd-rcpt-esmtp-args") fields.rcptArgs.push(value);
  else if (!fields.first.has(name)) fields.first.set(name, value);
}

/** Node reads header bytes as latin1; addresses of RFC 6531 arrive as UTF-8. What is not UTF-8 stays as it is. */
function fromLatin1(value: string): string {
  let ascii = true;
  for (let at = 0; at < value.length && ascii; at += 1) ascii = value.charCodeAt(at) < 0x80;
  if (ascii) return value;
  const decoded = Buffer.from(value, "latin1").toString("utf8");
  return decoded.includes("\ufffd") ? value : decoded;
}

/** Headers that settings may not match on: secrets, and what has a place of its own in the request. */
const hidden: ReadonlySet<string> = new Set([
  "password",
  "authorization",
  "proxy-authorization",
  "cookie",
  "settings",
  "__proto__",
]);

/** Request headers for settings that match on them, as plain data. */
export function headersForSettings(fields: RequestFields): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of fields.first) if (!hidden.has(name)) headers[name] = value;
  return headers;
}
