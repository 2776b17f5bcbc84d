// The command line with a running filter: scan, stat, and a second filter on the same ports.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePort } from "../servers/free-port.ts";
import { type Sluice, startSluice } from "../servers/sluice.ts";
import { sluice } from "./sluice.ts";

const date = new Date().toUTCString().replace("GMT", "+0000");
const good = `From: a@example.net\nTo: b@example.org\nSubject: x\nDate: ${date}\nMessage-ID: <1@example.net>\n\nHello\n`;
const gtube = good.replace("Hello", "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X");

let folder: string;
let filter: Sluice;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-cli-"));
  filter = await startSluice();
  await mkdir(join(folder, "mails", "cur"), { recursive: true });
  await writeFile(join(folder, "mails", "good.eml"), good);
  await writeFile(join(folder, "mails", "cur", "grün 日本\n.eml"), gtube);
});
after(async () => {
  await filter?.close();
  await rm(folder, { recursive: true, force: true });
});

const scan = (args: readonly string[], input = "") => sluice(["scan", "--server", filter.scan, ...args], input);

test("scan: one good mail, in words", async () => {
  const { code, stdout, stderr } = await scan([join(folder, "mails", "good.eml")]);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.match(stdout, /good\.eml: no action, score -?[\d.]+ of 15\n/);
});

test("scan: spam from standard input", async () => {
  const { code, stdout } = await scan(["-"], gtube);
  assert.equal(code, 1);
  assert.match(stdout, /^-: reject, score 15 of 15\n +0\.00 {2}GTUBE$/m);
});

test("scan: a folder as a table, with a sum", async () => {
  const { code, stdout, stderr } = await scan([join(folder, "mails")]);
  assert.deepEqual([code, stderr], [1, ""]);
  assert.match(stdout, /^no action +-?\d+\.\d\d {2}.*good\.eml/m);
  assert.match(stdout, /^reject +15\.00 {2}/m);
  assert.match(stdout, /^2 mails: 1 clean, 1 marked or refused, 0 without verdict$/m);
});

test("scan: each mail of a mailbox file, and nothing where there is no mail", async () => {
  const mailbox = ["one", "two"].map((name) => `From ${name}@example.net Thu Jan 15 12:00:00 2026\n${good}\n`).join("");
  const { code, stdout } = await scan(["-"], mailbox);
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^no action .* -#2 {2}/m);
  assert.match(stdout, /^2 mails: 2 clean, 0 marked or refused, 0 without verdict$/m);
  const nothing = await scan(["-"], "");
  assert.deepEqual([nothing.code, nothing.stdout, nothing.stderr], [75, "", "sluice: there is no mail in -\n"]);
});

test("scan --json: one object a line, as the filter answered", async () => {
  const { code, stdout } = await scan(["--json", join(folder, "mails")]);
  assert.equal(code, 1);
  const replies = stdout
    .trim()
    .split("\n")
    .map((line): { file: string; action: string; symbols: object; "message-id": string } => JSON.parse(line));
  assert.deepEqual(replies.map(({ action }) => action).sort(), ["no action", "reject"]);
  for (const reply of replies) assert.equal(reply["message-id"], "1@example.net");
});

test("scan --profile: how long each check waited and worked", async () => {
  const sender = ["--ip", "192.0.2.1", "--from", "a@asked.example"];
  const { code, stdout } = await scan(["--profile", "--all", ...sender, join(folder, "mails", "good.eml")]);
  assert.equal(code, 0);
  assert.match(stdout, /^ {4}TXT asked\.example +\d+\.\d{3} no-name$/m);
  assert.match(stdout, /^ {2}check +waited ms +worked ms$/m);
  const rows = [...stdout.matchAll(/^ {2}([A-Z_]+) +(\d+\.\d{3}) +(\d+\.\d{3})$/gm)];
  assert.ok(rows.some(([, check]) => check === "GTUBE_CHECK"));
  assert.ok(rows.length > 5);
  // Milliseconds of one small mail, not microseconds; and something was measured.
  for (const [, check, waited, worked] of rows) assert.ok(Number(waited) + Number(worked) < 5_000, check);
  assert.ok(rows.some(([, , waited]) => Number(waited) > 0) && rows.some(([, , , worked]) => Number(worked) > 0));
});

test("scan: the envelope arrives", async () => {
  const envelope = ["--ip", "192.0.2.1", "--from", "jürgen@example.net", "--rcpt", "r@example.org", "--helo", "a\nb"];
  assert.equal((await scan([...envelope, "-"], good)).code, 0);
  const history = await fetch(`${filter.controller}/history`);
  const rows = (await history.json()) as { ip: string }[];
  assert.ok(rows.some(({ ip }) => ip === "192.0.2.1"));
});

test("scan: a filter that does not answer, or answers nonsense", async () => {
  const nobody = await sluice(["scan", "--server", `127.0.0.1:${await freePort()}`, join(folder, "mails")]);
  assert.equal(nobody.code, 69);
  assert.match(nobody.stderr, /nobody listens at .* is 'sluice serve' running\?/);
  const other = createServer((socket) => {
    socket.on("error", () => {});
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
  });
  await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
  const address = other.address();
  const port = typeof address === "object" ? address?.port : 0;
  const nonsense = await sluice(["scan", "--server", `127.0.0.1:${port}`, "-"], good);
  other.close();
  assert.equal(nonsense.code, 75);
  assert.match(nonsense.stderr, /something that is no JSON/);
});

test("stat: what was counted, and a filter that is not there", async () => {
  const { code, stdout } = await sluice(["stat", "--server", filter.controller]);
  assert.equal(code, 0);
  assert.match(stdout, /^scanned +[1-9]\d*$/m);
  assert.match(stdout, /^reject +[1-9]\d* +\d+\.\d %$/m);
  const json = JSON.parse((await sluice(["stat", "--server", filter.controller, "--json"])).stdout);
  assert.equal(typeof json.scanned, "number");
  const nobody = await sluice(["stat", "--server", `127.0.0.1:${await freePort()}`]);
  assert.equal(nobody.code, 69);
});

test("serve: a port that is taken ends it, and it says which", async () => {
  const ports = { scan: new URL(filter.scan).port, milter: filter.milter };
  const data = ["--data", join(folder, "data"), "--log", "silent", "--set", "http.controller.bind_socket=127.0.0.1:0"];
  const taken = await sluice([
    ...["serve", ...data, "--set", `http.scan.bind_socket=127.0.0.1:${ports.scan}`],
    ...["--set", "milter.bind_socket=127.0.0.1:0"],
  ]);
  assert.equal(taken.code, 69);
  assert.match(taken.stderr, new RegExp(`cannot listen on 127\\.0\\.0\\.1:${ports.scan}: .*EADDRINUSE`));
  const milter = await sluice([
    ...["serve", ...data, "--set", "http.scan.bind_socket=127.0.0.1:0"],
    ...["--set", `milter.bind_socket=127.0.0.1:${ports.milter}`],
  ]);
  assert.equal(milter.code, 69);
  assert.match(milter.stderr, new RegExp(`cannot listen on \\S*127\\.0\\.0\\.1:${ports.milter}: .*EADDRINUSE`));
});
