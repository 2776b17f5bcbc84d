// The mails that a command line names: files, mailbox files, folders with all below, Maildirs, "-" for standard input.
// They are found and read one after the other, however many there are.

import { createReadStream } from "node:fs";
import { opendir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { splitMails } from "./mbox.ts";

export interface SourceMail {
  /** The file, and the number of the mail where there are several in it. */
  readonly name: string;
  /** Or why there are none. */
  readonly bytes: Buffer | Error;
}

/** What cannot be read is told in its place; the others come all the same. */
export async function* readMails(names: readonly string[]): AsyncGenerator<SourceMail> {
  for (const name of names) {
    if (name === "-") yield* readStream(name, process.stdin);
    else yield* readPath(name);
  }
}

async function* readPath(path: string): AsyncGenerator<SourceMail> {
  try {
    if ((await stat(path)).isDirectory()) yield* readFolder(path);
    else yield* readStream(path, createReadStream(path));
  } catch (thrown) {
    yield { name: path, bytes: asError(thrown) };
  }
}

async function* readFolder(folder: string): AsyncGenerator<SourceMail> {
  // In a Maildir (https://cr.yp.to/proto/maildir.html) mails lie in cur and new; the rest are the server's notes, and
  // in tmp what is being delivered. Its subfolders are Maildirs whose names begin with a dot.
  const names = await readdir(folder);
  const isMaildir = names.includes("cur") && names.includes("new");
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name);
    const isMailFolder = !isMaildir || entry.name === "cur" || entry.name === "new" || entry.name.startsWith(".");
    // A link may lead back up: it is not followed. A pipe would never end.
    if (entry.isDirectory() ? isMailFolder : entry.isFile() && !isMaildir) yield* readPath(path);
  }
}

async function* readStream(name: string, stream: AsyncIterable<Buffer>): AsyncGenerator<SourceMail> {
  let number = 0;
  for await (const bytes of splitMails(stream)) {
    number += 1;
    yield { name: number === 1 ? name : `${name}#${number}`, bytes: bytes ?? new Error("too large to be a mail") };
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
