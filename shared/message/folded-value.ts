// Values of header fields that a mail server is asked to add: no value may end its own header and start another.

/** The largest value that fits a milter packet of every server (libmilter takes 65,535 bytes). */
const longest = 60_000;

/** A value whose line ends are folds: LF, then a blank. Null when it is too long to send. */
export function foldedValue(value: string): string | null {
  if (value.length > longest) return null;
  const clean = value.toWellFormed().replaceAll("\0", "");
  if (!/[\r\n]/.test(clean)) return clean;
  // A line of blanks alone may not stand in a header (RFC 5322, 3.2.2): some readers take it for the end of all headers.
  const lines = clean.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  return lines.map((line, at) => (at === 0 || /^[ \t]/.test(line) ? line : `\t${line}`)).join("\n");
}
