// The hash of a message's body in canonical form (RFC 6376, 3.4.3 to 3.4.5 and 3.7), in one pass over its bytes. Lines
// that end with a bare LF count as if they had CRLF: that is how they go over the wire.

import { createHash, type Hash, hash } from "node:crypto";
import type { Form } from "./header-form.ts";

export interface BodyHash {
  /** Bytes of the canonical form to hash (l=); Infinity for all. */
  readonly length: number;
  /** SHA-256. */
  readonly digest: Buffer;
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
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
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
  let run = start;
  for (let newline = bytes.indexOf(lf, start); newline !== -1 && newline < end; ) {
    if (newline === start || bytes[newline - 1] !== cr) {
      sink.write(bytes, run, newline);
      sink.write(crlf, 0, crlf.length);
      run = newline + 1;
    }
    newline = bytes.indexOf(lf, newline + 1);
  }
  sink.write(bytes, run, end);
}

/** So many bytes without blanks are lines that stay as they are: an attachment. */
const stretch = 1_024;

function writeRelaxed(bytes: Buffer, end: number, sink: Sink): void {
  let nextSpace = -1;
  let nextTab = -1;
  for (let start = 0; start < end; ) {
    if (nextSpace < start) nextSpace = nextOf(bytes, space, start);
    if (nextTab < start) nextTab = nextOf(bytes, tab, start);
    const blank = Math.min(nextSpace, nextTab, end);
    // Where the last whole line in front of the blank ends.
    const plain = blank === end ? end : blank - start < stretch ? start : bytes.lastIndexOf(lf, blank) + 1;
    if (plain - start >= stretch) {
      writeLines(bytes, start, plain, sink);
      start = plain;
    } else {
      // Blanks seldom come alone.
      const newline = bytes.indexOf(lf, Math.max(blank, start + stretch));
      const next = newline === -1 || newline >= end ? end : newline + 1;
      writeAnew(bytes, start, next, sink);
      start = next;
    }
  }
}

function nextOf(bytes: Buffer, code: number, from: number): number {
  const found = bytes.indexOf(code, from);
  return found === -1 ? bytes.length : found;
}

/** RFC 6376, 3.4.4: blanks at the end of a line are left out, all others become one space. */
function writeAnew(bytes: Buffer, start: number, end: number, sink: Sink): void {
  let blank = false;
  for (let at = start; at < end; ) {
    let filled = sink.room();
    // Of one byte come two at most.
    const stop = Math.min(end, at + ((gathered.length - filled) >> 1));
    for (; at < stop; at++) {
      const code = bytes[at] ?? 0;
      if (code > space || !isSpecial(code, bytes[at + 1])) {
        if (blank) gathered[filled++] = space;
        blank = false;
        gathered[filled++] = code;
      } else if (code === space || code === tab) blank = true;
      else {
        // Of CRLF the CR has its turn first.
        if (code === cr || bytes[at - 1] !== cr) gathered[filled++] = cr;
        if (code === lf) gathered[filled++] = lf;
        blank = false;
      }
    }
    sink.filled = filled;
  }
}

/** Blanks and line ends. */
function isSpecial(code: number, next: number | undefined): boolean {
  return code === space || code === tab || code === lf || (code === cr && next === lf);
}

/** Runs shorter than this are copied together: a call of the hash costs as much as copying them. */
const shortRun = 256;
/** Shared, for a body is hashed in one go. */
const gathered = Buffer.alloc(16_384);

/** Hashes what is written, up to each of the lengths. */
class Sink {
  /** Made when `gathered` does not hold it all. */
  #hash: Hash | undefined;
  /** Those still to come, the longest first. */
  readonly #lengths: number[];
  readonly #hashes: BodyHash[] = [];
  #size = 0;
  /** Bytes in `gathered`. */
  filled = 0;

  constructor(lengths: Iterable<number>) {
    this.#lengths = [...new Set(lengths)].sort((one, other) => other - one);
  }

  write(bytes: Buffer, start: number, end: number): void {
    if (end - start >= shortRun) {
      this.#flush();
      this.#update(bytes, start, end);
    } else {
      if (this.filled + end - start > gathered.length) this.#flush();
      this.filled += bytes.copy(gathered, this.filled, start, end);
    }
  }

  /** Where to go on in `gathered`, with room for a few bytes at least. */
  room(): number {
    if (this.filled + stretch > gathered.length) this.#flush();
    return this.filled;
  }

  end(): readonly BodyHash[] {
    const [only, another] = this.#lengths;
    if (this.#hash === undefined && only !== undefined && another === undefined) {
      const size = Math.min(only, this.filled);
      return [{ length: only, digest: hash("sha256", gathered.subarray(0, size), "buffer"), size }];
    }
    this.#flush();
    for (let next = this.#lengths.pop(); next !== undefined; next = this.#lengths.pop()) this.#conclude(next);
    return this.#hashes;
  }

  #flush(): void {
    if (this.filled > 0) this.#update(gathered, 0, this.filled);
    this.filled = 0;
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
    this.#hashes.push({ length, digest: soFar.digest(), size: this.#size });
  }
}
