// Mails out of a stream of bytes: one mail, or a mailbox file (mbox, RFC 4155) with many. No more than one mail is held.

const cr = 13;
const lf = 10;
const quote = 0x3e;
const marker = Buffer.from("From ");
/** Bytes of a mail; a larger one is skipped. What the filter takes at most is its own matter. */
const largestMail = 128 * 1024 * 1024;
/** Bytes of a line that is looked at as one. */
const longestLine = 64 * 1024;
/** Bytes of a line that divides. */
const longestDivider = 1000;

/** Yields each mail; null for one that is too large. */
export async function* splitMails(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer | null> {
  const splitter = new Splitter();
  for await (const chunk of stream) {
    splitter.push(chunk);
    yield* splitter.taken();
  }
  splitter.end();
  yield* splitter.taken();
}

class Splitter {
  readonly #mail = new Mail();
  /** Mails that are whole. */
  #whole: (Buffer | null)[] = [];
  #isMailbox: boolean | undefined;
  /** The line before was empty: only then a From line divides. */
  #gap = true;
  /** The beginning of a line whose end has not come. */
  #open: Buffer | undefined;
  /** What comes next goes on with a line that was too long to wait for its end. */
  #isRest = false;

  taken(): readonly (Buffer | null)[] {
    const whole = this.#whole;
    this.#whole = [];
    return whole;
  }

  push(chunk: Buffer): void {
    const bytes = this.#open === undefined ? chunk : Buffer.concat([this.#open, chunk]);
    let from = 0;
    for (let at = bytes.indexOf(lf); at >= 0; at = bytes.indexOf(lf, from)) {
      this.#line(bytes, from, at + 1);
      this.#isRest = false;
      from = at + 1;
    }
    this.#open = from < bytes.length ? bytes.subarray(from) : undefined;
    if (this.#open === undefined || this.#open.length <= longestLine) return;
    this.#line(this.#open, 0, this.#open.length);
    this.#isRest = true;
    this.#open = undefined;
  }

  end(): void {
    if (this.#open !== undefined) this.#line(this.#open, 0, this.#open.length);
    this.#open = undefined;
    if (this.#mail.begun) this.#whole.push(this.#mail.take());
  }

  #line(bytes: Buffer, from: number, to: number): void {
    if (this.#isMailbox === undefined) {
      if (isEmpty(bytes, from, to)) {
        this.#mail.add(bytes, from, to);
        return;
      }
      this.#isMailbox = isDivider(bytes, from, to);
      // Empty lines before the first divider are nobody's.
      if (this.#isMailbox && this.#mail.begun) this.#mail.take();
    }
    if (!this.#isMailbox || this.#isRest) {
      this.#mail.add(bytes, from, to);
      return;
    }
    if (this.#gap && isDivider(bytes, from, to)) {
      if (this.#mail.begun) this.#whole.push(this.#mail.take());
      this.#mail.begun = true;
    } else this.#mail.add(bytes, isQuoted(bytes, from, to) ? from + 1 : from, to);
    this.#gap = isEmpty(bytes, from, to);
  }
}

/** "From sender date", at the start of a mail. */
function isDivider(bytes: Buffer, from: number, to: number): boolean {
  if (bytes[from] !== marker[0] || to - from > longestDivider || !hasMarker(bytes, from, to)) return false;
  return /\d\d:\d\d.*\d{4}/.test(bytes.toString("latin1", from, to));
}

function hasMarker(bytes: Buffer, from: number, to: number): boolean {
  const end = from + marker.length;
  return end <= to && bytes.compare(marker, 0, marker.length, from, end) === 0;
}

/** Lines that begin with From, perhaps after ">", get one more ">" when they are put into a mailbox. */
function isQuoted(bytes: Buffer, from: number, to: number): boolean {
  if (bytes[from] !== quote) return false;
  let at = from + 1;
  while (bytes[at] === quote) at++;
  return hasMarker(bytes, at, to);
}

function isEmpty(bytes: Buffer, from: number, to: number): boolean {
  return to - from === 1 ? bytes[from] === lf : to - from === 2 && bytes[from] === cr;
}

class Mail {
  begun = false;
  #bytes = Buffer.alloc(0);
  #size = 0;

  add(bytes: Buffer, from: number, to: number): void {
    this.begun = true;
    const size = this.#size + to - from;
    if (size <= largestMail) {
      if (size > this.#bytes.length) this.#grow(size);
      bytes.copy(this.#bytes, this.#size, from, to);
    } else if (this.#bytes.length > 0) this.#bytes = Buffer.alloc(0);
    this.#size = size;
  }

  #grow(size: number): void {
    const grown = Buffer.allocUnsafe(Math.min(largestMail, Math.max(2 * size, 4096)));
    this.#bytes.copy(grown, 0, 0, this.#size);
    this.#bytes = grown;
  }

  take(): Buffer | null {
    const mail = this.#size <= largestMail ? Buffer.from(this.#bytes.subarray(0, this.#size)) : null;
    this.#bytes = Buffer.alloc(0);
    this.#size = 0;
    this.begun = false;
    return mail;
  }
}
