// Mails out of a stream of bytes: one mail, or a mailbox file (mbox, RFC 4155) with many. No more than one mail is held.

const lf = 10;
const marker = Buffer.from("From ");
/** Bytes of a mail; a larger one is skipped. What the filter takes at most is its own matter. */
const largestMail = 128 * 1024 * 1024;

/** Yields each mail; null for one that is too large. */
export async function* splitMails(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer | null> {
  const mail = new Mail();
  let isMailbox: boolean | undefined;
  /** Whether the line before was empty: only then a From line divides. */
  let gap = true;
  for await (const { line, isRest } of lines(stream)) {
    if (isRest) {
      mail.add(line);
      continue;
    }
    isMailbox ??= isDivider(line);
    if (isMailbox && gap && isDivider(line)) {
      if (mail.begun) yield mail.take();
      mail.begun = true;
      continue;
    }
    mail.begun = true;
    gap = isMailbox && isEmpty(line);
    mail.add(isMailbox ? unquoted(line) : line);
  }
  if (mail.begun) yield mail.take();
}

/** "From sender date", at the start of a mail. */
function isDivider(line: Buffer): boolean {
  return (
    line.length < 1000 &&
    line.subarray(0, marker.length).equals(marker) &&
    /\d\d:\d\d.*\d{4}/.test(line.toString("latin1"))
  );
}

function isEmpty(line: Buffer): boolean {
  return line.length === 1 || (line.length === 2 && line[0] === 13);
}

/** Lines that begin with From, perhaps after ">", get one more ">" when they are put into a mailbox. */
function unquoted(line: Buffer): Buffer {
  if (line[0] !== 0x3e) return line;
  let at = 1;
  while (line[at] === 0x3e) at++;
  return line.subarray(at, at + marker.length).equals(marker) ? line.subarray(1) : line;
}

class Mail {
  begun = false;
  #lines: Buffer[] = [];
  #size = 0;

  add(line: Buffer): void {
    this.#size += line.length;
    if (this.#size <= largestMail) this.#lines.push(line);
    else this.#lines = [];
  }

  take(): Buffer | null {
    const mail = this.#size <= largestMail ? Buffer.concat(this.#lines) : null;
    this.#lines = [];
    this.#size = 0;
    this.begun = false;
    return mail;
  }
}

interface Piece {
  readonly line: Buffer;
  /** It goes on with the line before. */
  readonly isRest: boolean;
}

/** Lines with their ends. A very long one comes in several pieces. */
async function* lines(stream: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  let rest: Buffer | undefined;
  let isRest = false;
  for await (const chunk of stream) {
    const bytes: Buffer = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let at = bytes.indexOf(lf); at >= 0; at = bytes.indexOf(lf, from)) {
      yield { line: bytes.subarray(from, at + 1), isRest };
      isRest = false;
      from = at + 1;
    }
    rest = bytes.subarray(from);
    if (rest.length > longestLine) {
      yield { line: rest, isRest };
      isRest = true;
      rest = undefined;
    }
  }
  if (rest !== undefined && rest.length > 0) yield { line: rest, isRest };
}

/** Bytes of a line that is looked at as one. */
const longestLine = 64 * 1024;
