// Netstrings (cr.yp.to/proto/netstrings.txt): "5:hello,". Requests of a mail server are a stream of them.

/** Bytes of one; a request is a map's name and an address. */
export const longestString = 4_096;
const mostDigits = String(longestString).length;

export function writeNetstring(text: string): Buffer {
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([Buffer.from(`${bytes.length}:`), bytes, Buffer.from(",")]);
}

export class NetstringReader {
  #waiting: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): void {
    this.#waiting = this.#waiting.length === 0 ? chunk : Buffer.concat([this.#waiting, chunk]);
  }

  /** The next one; undefined when it is not whole yet; an Error when the stream is none of netstrings. */
  next(): string | undefined | Error {
    const head = this.#waiting.subarray(0, mostDigits + 1).toString("latin1");
    const [written, digits = ""] = /^(\d+):/.exec(head) ?? [];
    if (written === undefined) {
      const mayBecome = /^\d*$/.test(head) && head.length <= mostDigits;
      return mayBecome ? undefined : new Error("no netstring");
    }
    if (digits.length > 1 && digits.startsWith("0")) return new Error("a length that begins with 0");
    const length = Number(digits);
    if (length > longestString) return new Error(`a netstring of more than ${longestString} bytes`);
    const end = written.length + length;
    if (this.#waiting.length <= end) return undefined;
    if (this.#waiting[end] !== 0x2c) return new Error("a netstring without its comma");
    const text = this.#waiting.subarray(written.length, end).toString("utf8");
    this.#waiting = this.#waiting.subarray(end + 1);
    return text;
  }
}
