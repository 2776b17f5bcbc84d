// The mails that a command line names: files, mailbox files, folders with all below, Maildirs, "-" for standard input.
// They are found and read one after the other, however many there are.

import { createReadStream } from "node:fs";
import { opendir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { inflated } from "./inflate.ts";
import { splitMails } from "./mbox.ts";

export interface SourceMail {
  /** The file, and the number of the mail where there are several in it. */
  readonly name: string;
  /** Or why there are none. */
  readonly bytes: Buffer | Error;
}

/** Hears of what is left out. */
export type LeftOut = (path: string, what: "folder" | "mail") => void;

/** Folders below a mailbox in which users and servers put what is not wanted, as the last part of a Maildir's name. */
const unwanted = /^(?:.*[./])?(?:junk|spam|bulk|trash|deleted)(?:[ -]?(?:e-?mail|mail|items|messages))?$/i;
/** https://cr.yp.to/proto/maildir.html: T among the flags; the user has moved it elsewhere, or wants it no more. */
const deleted = /:2,[A-Za-z]*T[A-Za-z]*$/;

/**
 * What cannot be read is told in its place; the others come all the same. With `leftOut` only what is wanted mail: folders
 * below for junk or trash and mails marked as deleted are left out.
 */
export async function* readMails(names: readonly string[], leftOut?: LeftOut): AsyncGenerator<SourceMail> {
  for (const name of names) {
    if (name === "-") yield* readStandardInput();
    else yield* readPath(name, leftOut);
  }
}

async function* readStandardInput(): AsyncGenerator<SourceMail> {
  try {
    yield* readStream("-", process.stdin);
  } catch (thrown) {
    yield { name: "-", bytes: asError(thrown) };
  }
}

async function* readPath(path: string, leftOut?: LeftOut): AsyncGenerator<SourceMail> {
  try {
    if ((await stat(path)).isDirectory()) yield* readFolder(path, leftOut);
    else yield* readStream(path, createReadStream(path));
  } catch (thrown) {
    yield { name: path, bytes: asError(thrown) };
  }
}

async function* readFolder(folder: string, leftOut?: LeftOut): AsyncGenerator<SourceMail> {
  // In a Maildir (https://cr.yp.to/proto/maildir.html) mails lie in cur and new; the rest are the server's notes, and
  // in tmp what is being delivered. Its subfolders are Maildirs whose names begin with a dot.
  const names = await readdir(folder);
  const isMaildir = names.includes("cur") && names.includes("new");
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name);
    const isMailFolder = !isMaildir || entry.name === "cur" || entry.name === "new" || entry.name.startsWith(".");
    const isUnwanted = entry.isDirectory() ? unwanted.test(entry.name) : deleted.test(entry.name);
    // A link may lead back up: it is not followed. A pipe would never end.
    if (!(entry.isDirectory() ? isMailFolder : entry.isFile() && !isMaildir)) continue;
    if (leftOut !== undefined && isUnwanted) leftOut(path, entry.isDirectory() ? "folder" : "mail");
    else yield* readPath(path, leftOut);
  }
}

async function* readStream(name: string, stream: AsyncIterable<Buffer>): AsyncGenerator<SourceMail> {
  let number = 0;
  for await (const bytes of splitMails(inflated(stream))) {
    number += 1;
    yield { name: number === 1 ? name : `${name}#${number}`, bytes: bytes ?? new Error("too large to be a mail") };
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
