// The hash of a message's body in canonical form (RFC 6376, 3.4.3 to 3.4.5 and 3.7), in one pass over its bytes. Lines
// that end with a bare LF count as if they had CRLF: that is how they go over the wire.

import { createHash, type Hash, hash } from "node:crypto";
import { asBuffer } from "../../../shared/as-buffer.ts";
import type { Form } from "./header-form.ts";

export interface BodyHash {
  /** Bytes of the canonical form to hash (l=); Infinity for all. */
  readonly length: number;
  /** SHA-256 in base64. */
  readonly digest: string;
  /** Bytes that were hashed: fewer than `length` where there are no more. */
  readonly size: number;
}

const lf = 10;
const cr = 13;
const space = 32;
const tab = 9;
const crlf = Buffer.from("\r\n");

/** One hash for each length, the shortest first. */
export function hashBody(body: Uint8Array, form: Form, lengths: Iterable<number>): readonly BodyHash[] {
  const sink = new Sink(lengths);
  const bytes = asBuffer(body);
  const end = contentEnd(bytes, form);
  if (form === "simple") writeLines(bytes, 0, end, sink);
  else writeRelaxed(bytes, end, sink);
  // RFC 6376, 3.4.3 and 3.4.4: an empty body is one line end in `simple` and nothing in `relaxed`.
  if (end > 0 || form === "simple") sink.write(crlf, 0, crlf.length);
  return sink.end();
}

/** Where the last line that is not empty ends, without its line end, and in `relaxed` without its last blanks. */
function contentEnd(bytes: Buffer, form: Form): number {
  let end = bytes.length;
  for (;;) {
    const last = bytes[end - 1];
    if (last === lf) end -= bytes[end - 2] === cr ? 2 : 1;
    else if (form === "relaxed" && (last === space || last === tab)) end--;
    else return end;
  }
}

/** Lines as they are, in runs as long as they end with CRLF. */
function writeLines(bytes: Buffer, start: number, end: number, sink: Sink): void {
  // Nothing behind the end is looked at: each piece of a body without lines would search all of the rest.
  const within = bytes.subarray(0, end);
  let run = start;
  for (let newline = within.indexOf(lf, start); newline !== -1; newline = within.indexOf(lf, newline + 1)) {
    if (newline === start || bytes[newline - 1] !== cr) {
      sink.write(bytes, run, newline);
      sink.write(crlf, 0, crlf.length);
      run = newline + 1;
    }
  }
  sink.write(bytes, run, end);
}

/** Bytes that are looked at together, and that `gathered` holds. */
const pieceSize = 16_384;

function writeRelaxed(bytes: Buffer, end: number, sink: Sink): void {
  // Whether the piece before ended within a run of blanks.
  let blank = false;
  for (let start = 0; start < end; ) {
    let stop = Math.min(end, start + pieceSize);
    // A CR stays with its LF.
    if (stop < end && bytes[stop - 1] === cr) stop--;
    const piece = bytes.subarray(start, stop);
    // An attachment has none.
    if (!blank && !piece.includes(space) && !piece.includes(tab)) writeLines(bytes, start, stop, sink);
    else {
      const text = reduced((blank ? " " : "") + piece.toString("latin1"));
      blank = text.endsWith(" ");
      sink.writeText(blank ? text.slice(0, -1) : text);
    }
    start = stop;
  }
}

/** RFC 6376, 3.4.4: blanks at the end of a line are left out, all others become one space. */
function reduced(text: string): string {
  const spaced = text.replace(/[ \t]{2,}|\t/g, " ");
  let done = "";
  let from = 0;
  for (let newline = spaced.indexOf("\n"); newline !== -1; newline = spaced.indexOf("\n", newline + 1)) {
    const lineEnd = spaced.charCodeAt(newline - 1) === cr ? newline - 1 : newline;
    const isBlank = spaced.charCodeAt(lineEnd - 1) === space;
    if (lineEnd < newline && !isBlank) continue;
    done += `${spaced.slice(from, isBlank ? lineEnd - 1 : lineEnd)}\r\n`;
    from = newline + 1;
  }
  return from === 0 ? spaced : done + spaced.slice(from);
}

/** Runs shorter than this are copied together: a call of the hash costs as much as copying them. */
const shortRun = 256;
/** Runs shorter than this are copied here: the call that copies them costs more. */
const tinyRun = 32;
/** Shared, for a body is hashed in one go. */
const gathered = Buffer.alloc(pieceSize);

/** Hashes what is written, up to each of the lengths. */
class Sink {
  /** Made when `gathered` does not hold it all. */
  #hash: Hash | undefined;
  /** Those still to come, the longest first. */
  readonly #lengths: number[];
  readonly #hashes: BodyHash[] = [];
  #size = 0;
  /** Bytes in `gathered`. */
  #filled = 0;

  constructor(lengths: Iterable<number>) {
    this.#lengths = [...new Set(lengths)].sort((one, other) => other - one);
  }

  write(bytes: Buffer, start: number, end: number): void {
    if (end - start >= shortRun) {
      this.#flush();
      this.#update(bytes, start, end);
    } else {
      if (this.#filled + end - start > gathered.length) this.#flush();
      if (end - start >= tinyRun) this.#filled += bytes.copy(gathered, this.#filled, start, end);
      else for (let at = start; at < end; at++) gathered[this.#filled++] = bytes[at] ?? 0;
    }
  }

  /** One char a byte. */
  writeText(text: string): void {
    if (this.#filled + text.length > gathered.length) this.#flush();
    if (text.length > gathered.length) this.#update(Buffer.from(text, "latin1"), 0, text.length);
    else this.#filled += gathered.write(text, this.#filled, "latin1");
  }

  end(): readonly BodyHash[] {
    const [only, another] = this.#lengths;
    if (this.#hash === undefined && only !== undefined && another === undefined) {
      const size = Math.min(only, this.#filled);
      return [{ length: only, digest: hash("sha256", gathered.subarray(0, size), "base64"), size }];
    }
    this.#flush();
    for (let next = this.#lengths.pop(); next !== undefined; next = this.#lengths.pop()) this.#conclude(next);
    return this.#hashes;
  }

  #flush(): void {
    if (this.#filled > 0) this.#update(gathered, 0, this.#filled);
    this.#filled = 0;
  }

  #update(bytes: Buffer, start: number, end: number): void {
    this.#hash ??= createHash("sha256");
    let from = start;
    for (let next = this.#lengths.at(-1); next !== undefined; next = this.#lengths.at(-1)) {
      const until = Math.min(end, from + next - this.#size);
      if (until > from) this.#hash.update(bytes.subarray(from, until));
      this.#size += until - from;
      from = until;
      if (this.#size < next) break;
      this.#lengths.pop();
      this.#conclude(next);
    }
  }

  #conclude(length: number): void {
    this.#hash ??= createHash("sha256");
    const soFar = this.#lengths.length === 0 ? this.#hash : this.#hash.copy();
    this.#hashes.push({ length, digest: soFar.digest("base64"), size: this.#size });
  }
}
