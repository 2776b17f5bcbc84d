// Files in uuencode: as the whole content of a part, or within a text, where old programs put attachments.

export interface UuFile {
  readonly name: string;
  readonly content: Buffer;
  /** Where the file stands in the text: from "begin" to behind the line "end". */
  readonly start: number;
  readonly end: number;
}

const opening = /^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n/;

/** One line of data: its length in the first char, then groups of four chars for three bytes. -1 when it is none. */
function decodeLine(text: string, start: number, stop: number, out: number[]): boolean {
  const length = (text.charCodeAt(start) - 32) & 63;
  const chars = Math.ceil(length / 3) * 4;
  // Trailing blanks may be lost; far more than announced is no data line.
  if (stop - start - 1 > chars + 2 || stop - start - 1 < (length * 4) / 3 - 4) return false;
  const bits = (at: number) => (at < stop ? (text.charCodeAt(at) - 32) & 63 : 0);
  let left = length;
  for (let at = start + 1; left > 0; at += 4) {
    const group = (bits(at) << 18) | (bits(at + 1) << 12) | (bits(at + 2) << 6) | bits(at + 3);
    out.push((group >> 16) & 255);
    if (--left > 0) {
      out.push((group >> 8) & 255);
      if (--left > 0) {
        out.push(group & 255);
        left--;
      }
    }
  }
  return true;
}

/** The first file in `text` (one char a byte) at or behind `from`, or null. A file without its end is none. */
export function decodeUu(text: string, from = 0): UuFile | null {
  let start = from === 0 && text.startsWith("begin ") ? 0 : text.indexOf("\nbegin ", from) + 1;
  while (start > 0 || (from === 0 && text.startsWith("begin "))) {
    const found = opening.exec(text.slice(start, start + 300));
    if (found !== null) {
      const bytes: number[] = [];
      let at = start + found[0].length;
      while (at < text.length) {
        let newline = text.indexOf("\n", at);
        if (newline === -1) newline = text.length;
        const stop = text.charCodeAt(newline - 1) === 13 ? newline - 1 : newline;
        if (stop - at === 3 && text.startsWith("end", at)) {
          return { name: found[1] ?? "", content: Buffer.from(bytes), start, end: Math.min(newline + 1, text.length) };
        }
        if (stop > at && !decodeLine(text, at, stop, bytes)) break;
        at = newline + 1;
      }
    }
    start = text.indexOf("\nbegin ", start + 1) + 1;
    if (start === 0) return null;
  }
  return null;
}
