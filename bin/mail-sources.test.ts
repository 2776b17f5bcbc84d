import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { readMails } from "./mail-sources.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-mails-"));
});
after(() => rm(folder, { recursive: true, force: true }));

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

async function read(...names: readonly string[]): Promise<readonly string[]> {
  const mails: string[] = [];
  for await (const { name, bytes } of readMails(names.map((name) => join(folder, name)))) {
    mails.push(`${name.slice(folder.length + 1)}: ${bytes instanceof Error ? bytes.message : bytes}`);
  }
  return mails.sort();
}

test("a Maildir: cur and new and its subfolders, not what is being delivered and not the server's notes", async () => {
  await put({
    "Maildir/cur/1:2,S": "one",
    "Maildir/new/2": "two",
    "Maildir/tmp/3": "being delivered",
    "Maildir/dovecot.index": "notes",
    "Maildir/.Junk.old/cur/4": "four",
    "Maildir/.Junk.old/new/5": "five",
    "Maildir/.Junk.old/tmp/6": "being delivered",
    "Maildir/sieve/main": "a script",
  });
  assert.deepEqual(await read("Maildir"), [
    "Maildir/.Junk.old/cur/4: four",
    "Maildir/.Junk.old/new/5: five",
    "Maildir/cur/1:2,S: one",
    "Maildir/new/2: two",
  ]);
});

test("where wanted mail is asked for, folders for junk and trash below and mails marked as deleted are left out", async () => {
  await put({
    "Home/cur/1:2,S": "one",
    "Home/cur/2:2,ST": "two",
    "Home/new/3": "three",
    "Home/.Junk/cur/4": "four",
    "Home/.Junk/new/5": "five",
    "Home/.INBOX.Deleted Messages/new/6": "six",
    "Home/.Spammers of old/cur/7": "seven",
    "Home/.Spammers of old/new/8": "eight",
  });
  const left: string[] = [];
  const named: string[] = [];
  const leftOut = (path: string, what: string) => left.push(`${what} ${path.slice(folder.length + 1)}`);
  for (const start of ["Home", "Home/.Junk"]) {
    for await (const { bytes } of readMails([join(folder, start)], leftOut)) named.push(String(bytes));
  }
  assert.deepEqual(named.sort(), ["eight", "five", "four", "one", "seven", "three"], "Junk only where it is named");
  assert.deepEqual(left.sort(), ["folder Home/.INBOX.Deleted Messages", "folder Home/.Junk", "mail Home/cur/2:2,ST"]);
  assert.equal((await read("Home")).length, 8);
});

test("a folder with all below, mailbox files among them, and links not followed", async () => {
  const from = "From a@example.org Thu Jan 15 12:00:00 2026\n";
  await put({ "box/a.eml": "a", "box/deep/er/b": `${from}b\n\n${from}c\n`, "box/empty": "" });
  await symlink(join(folder, "box"), join(folder, "box/deep/again"));
  assert.deepEqual(await read("box"), ["box/a.eml: a", "box/deep/er/b#2: c\n", "box/deep/er/b: b\n\n"]);
});

test("mails that a server keeps compressed, and one that is broken", async () => {
  await put({ "packed/cur/.keep": "" });
  const packed = gzipSync("Subject: x\n\nHello\n");
  await writeFile(join(folder, "packed/cur/1:2,S"), packed);
  await writeFile(join(folder, "packed/cur/2:2,S"), packed.subarray(0, 20));
  const [one, two] = await read("packed");
  assert.equal(one, "packed/cur/1:2,S: Subject: x\n\nHello\n");
  assert.match(two ?? "", /2:2,S: unexpected end of file/);
});

test("what is not there is told in its place", async () => {
  await put({ "one.eml": "one" });
  const [missing, one] = await read("away", "one.eml");
  assert.match(missing ?? "", /^away: ENOENT/);
  assert.equal(one, "one.eml: one");
});
