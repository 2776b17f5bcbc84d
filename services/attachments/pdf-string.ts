// Strings of a PDF (ISO 32000-1, 7.3.4): in parentheses with escapes, or in hex digits.

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
const longest = 2048;

function readLiteral(text: string, start: number): string {
  let value = "";
  let depth = 1;
  for (let at = start; at < text.length && value.length < longest; at++) {
    const char = text[at] ?? "";
    if (char === "\\") {
      const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0];
      if (octal !== undefined) {
        value += String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
        at += octal.length;
        continue;
      }
      at++;
      const next = text[at] ?? "";
      // A line end behind a backslash is none.
      if (next !== "\n" && next !== "\r") value += escapes[next] ?? next;
      continue;
    }
    if (char === "(") depth++;
    if (char === ")" && --depth === 0) return value;
    value += char;
  }
  return value;
}

function readHex(text: string, start: number): string {
  const rest = text.slice(start, start + longest * 2);
  const end = rest.indexOf(">");
  const digits = rest.slice(0, end === -1 ? undefined : end).replace(/[^0-9A-Fa-f]/g, "");
  return Buffer.from(digits.length % 2 === 1 ? `${digits}0` : digits, "hex").toString("latin1");
}

/** The bytes of the string that begins at `at`, one char a byte; "" when there stands none. Long ones are cut. */
export function readPdfBytes(text: string, at: number): string {
  return text[at] === "(" ? readLiteral(text, at + 1) : text[at] === "<" ? readHex(text, at + 1) : "";
}

/** What such a string says. */
export function pdfText(value: string): string {
  // UTF-16 has a byte order mark (7.9.2.2).
  return value.startsWith("\xfe\xff") ? value.replace(/^\xfe\xff|\0/g, "") : value;
}
