// Several workers answer as one: whichever is asked has counted every verdict, follows the configuration, and stops.

import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { sendMail } from "./milter-client.ts";
import { ask, fromEach, isAlive, type Line, type Site, scan, scanWaiting, startSite, untilEach } from "./site.ts";

let site: Site;
before(async () => {
  site = await startSite();
});
after(() => site?.close());

const scanned = (text: string): number => JSON.parse(text).scanned;

test("every worker has counted every verdict, and once", { timeout: 60_000 }, async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, () => scan(site)));
  for (const { status } of answers) assert.equal(status, 200);
  assert.ok(["a", "c"].includes((await sendMail(site.milter, { Subject: "x" })).slice(-1)));
  const lines = await site.logged(({ msg }) => msg === "verdict", 41);
  // Each takes a connection as soon as it has taken the one before: how many depends on what else the machine does.
  assert.deepEqual(new Set(lines.map(({ pid }) => pid)), new Set(site.workers));

  await untilEach(site, "/stat", (text) => scanned(text) >= 41);
  // Nothing more is on its way: what would be counted twice would be there by now.
  await Promise.all(Array.from({ length: 10 }, () => scan(site)));
  await untilEach(site, "/stat", (text) => scanned(text) >= 51);
  for (const text of await fromEach(site, "/stat")) assert.equal(scanned(text), 51);
  const ids = (text: string): string[] => JSON.parse(text).map(({ id }: { id: string }) => id);
  const [one, other] = (await fromEach(site, "/history")).map(ids);
  assert.equal(new Set(one).size, 51);
  assert.deepEqual(new Set(one), new Set(other));
  for (const text of await fromEach(site, "/metrics")) assert.match(text, /^rspamd_scanned_total 51$/m);
  for (const text of await fromEach(site, "/counters")) {
    const rows: { symbol: string; hits: number }[] = JSON.parse(text);
    assert.equal(rows.find(({ symbol }) => symbol === "MIME_TRACE")?.hits, 51);
  }
});

test("a reset of one resets all", { timeout: 60_000 }, async () => {
  const path = (what: string) => ask(site.controller, what, "");
  await scan(site);
  // What one has counted and not told by now is forgotten too.
  assert.equal((await path("/statreset")).status, 200);
  await untilEach(site, "/stat", (text) => scanned(text) === 0);
  assert.equal((await path("/historyreset")).status, 200);
  await untilEach(site, "/history", (text) => JSON.parse(text).length === 0);
  await scan(site);
  for (const text of await untilEach(site, "/stat", (text) => scanned(text) > 0)) assert.equal(scanned(text), 1);
});

test("the milter's socket has its mode, and both workers are behind it", { timeout: 60_000 }, async () => {
  assert.equal(statSync(site.milter).mode & 0o777, 0o600);
  const replies = await Promise.all(Array.from({ length: 6 }, () => sendMail(site.milter, { Subject: "milter" })));
  for (const reply of replies) assert.ok(["a", "c"].includes(reply.slice(-1)), reply);
});

test("SIGHUP: every worker reads the configuration again", { timeout: 60_000 }, async () => {
  const isRead = ({ msg }: Line) => msg === "configuration read again";
  writeFileSync(`${site.folder}/sluice.conf`, "actions { reject = 77; }\n");
  site.signal("SIGHUP");
  await site.logged(isRead, 2);
  const required = (text: string): number => JSON.parse(text).required_score;
  for (;;) {
    const answers = await Promise.all([scan(site), scan(site), scan(site), scan(site)]);
    for (const { status } of answers) assert.equal(status, 200);
    if (answers.every(({ text }) => required(text) === 77)) break;
  }
});

test("SIGTERM: what is being scanned is answered by all, and nobody stays behind", { timeout: 60_000 }, async () => {
  const mails = await scanWaiting(site, 6);
  assert.equal(new Set(mails.pids).size, 2);
  site.signal("SIGTERM");
  await site.logged(({ msg }) => msg === "stopping: no new mail, running scans finish");
  assert.deepEqual(await mails.release(), Array(6).fill(200));
  assert.equal(await site.ended, 0);
  for (const worker of site.workers) assert.equal(isAlive(worker), false);
  assert.equal((await scan(site)).status, 0);
});
