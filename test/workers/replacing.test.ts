// Workers that die, hang or grow too large are replaced, and no mail of theirs passes unseen.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sendMail } from "./milter-client.ts";
import { fromEach, isAlive, type Line, type Site, scan, scanWaiting, startSite, untilEach } from "./site.ts";

let site: Site;
before(async () => {
  // Seconds; a sound worker is silent for a while on a busy machine.
  site = await startSite(["--patience", "3"]);
});
after(() => site?.close());

const isNew = ({ msg }: Line) => msg === "a new worker is ready";
const scanned = (text: string): number => JSON.parse(text).scanned;
/** How many scans have been answered so far. */
let answered = 0;

test("kill -9 of a worker: its mails get no answer, the other's do, and a new one comes", {
  timeout: 60_000,
}, async () => {
  const mails = await scanWaiting(site, 8);
  const [victim = 0] = site.workers;
  const ofVictim = mails.pids.filter((pid) => pid === victim).length;
  assert.ok(ofVictim > 0 && ofVictim < 8);
  process.kill(victim, "SIGKILL");
  const statuses = await mails.release();
  // A broken connection is what a mail server answers with 451.
  assert.equal(statuses.filter((status) => status === 0).length, ofVictim);
  assert.equal(statuses.filter((status) => status === 200).length, 8 - ofVictim);
  await site.logged(isNew);
  const after = await Promise.all(Array.from({ length: 6 }, () => scan(site)));
  assert.ok(after.every(({ status }) => status === 200));
  answered += 8 - ofVictim + after.length;
});

test("a new worker has counted what came before it", { timeout: 60_000 }, async () => {
  for (const { status } of await Promise.all(Array.from({ length: 10 }, () => scan(site)))) {
    assert.equal(status, 200);
    answered += 1;
  }
  await untilEach(site, "/stat", (text) => scanned(text) === answered);
  const replaced = site.seen(isNew) + 1;
  process.kill(site.workers[1] ?? 0, "SIGKILL");
  await site.logged(isNew, replaced);
  for (const text of await untilEach(site, "/stat", (text) => scanned(text) > 0)) assert.equal(scanned(text), answered);
  for (const text of await fromEach(site, "/metrics")) {
    assert.match(text, new RegExp(`^rspamd_scanned_total ${answered}$`, "m"));
  }
  const [rows, others] = (await fromEach(site, "/history")).map((text) => JSON.parse(text));
  assert.deepEqual(rows, others);
  assert.equal(rows.length, answered);
});

test("a worker that hangs is replaced; others answer meanwhile", { timeout: 60_000 }, async () => {
  const before = site.seen(isNew);
  let isOver = false;
  const hanging = sendMail(site.milter, { Subject: "x", "X-Trouble": "hang" }).finally(() => {
    isOver = true;
  });
  // At most one connection of each socket is handed to the one that hangs; every other one is answered while it does.
  const pending = new Set<Promise<unknown>>();
  const statuses: number[] = [];
  while (!isOver) {
    const one = scan(site).then(({ status }) => {
      pending.delete(one);
      if (!isOver) statuses.push(status);
    });
    pending.add(one);
    await Promise.race([one, pause(500)]);
  }
  // One may have been handed over before, and be broken off.
  const lost = pending.size + statuses.filter((status) => status === 0).length;
  const letters = await hanging;
  assert.match(letters, /^p*$/, "the mail was not decided on: the server puts it off");
  const verdicts = statuses.filter((status) => status === 200).length;
  assert.ok(verdicts > lost, `${lost} were lost, ${statuses}`);
  await Promise.all(pending);
  const [killed] = await site.logged(({ msg }) => msg === "the worker hangs: killed");
  await site.logged(isNew, before + 1);
  assert.equal(isAlive(killed?.workerPid ?? 0), false);
  assert.equal((await scan(site)).status, 200);
});

test("a mail that hangs its worker over HTTP gets a broken connection, never a verdict", {
  timeout: 60_000,
}, async () => {
  const { status, text } = await scan(site, "hang");
  assert.deepEqual([status, text], [0, ""]);
  assert.equal((await scan(site)).status, 200);
});

test("one that is too large finishes, and a new one takes its place before", { timeout: 120_000 }, async () => {
  const small = await startSite(["--max-memory", "1"]);
  try {
    const mails = await scanWaiting(small, 4);
    await small.logged(({ msg }) => msg === "the worker is too large: replaced", 2);
    const steady: number[] = [];
    const ready = small.logged(isNew, 2).then(() => true);
    while ((await Promise.race([ready, pause(20)])) !== true) steady.push((await scan(small)).status);
    for (const status of await mails.release()) assert.equal(status, 200);
    assert.ok(steady.length > 0 && steady.every((status) => status === 200), `${steady}`);
  } finally {
    await small.close();
  }
});

function pause(ms: number): Promise<undefined> {
  return new Promise((done) => setTimeout(() => done(undefined), ms));
}
