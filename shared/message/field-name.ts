// Names of header fields that are added to a message: no name may end its own line, or hold a colon.

/** Whether it can name a header field (RFC 5322, 3.6.8). */
export function isFieldName(name: string): boolean {
  return /^[\x21-\x39\x3b-\x7e]{1,128}$/.test(name);
}
