// Workers that die, hang or grow too large are replaced, and no mail of theirs passes unseen.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sendMail } from "./milter-client.ts";
import { isAlive, type Line, type Site, scan, startSite } from "./site.ts";

let site: Site;
before(async () => {
  site = await startSite(["--patience", "1"]);
});
after(() => site?.close());

const isNew = ({ msg }: Line) => msg === "a new worker is ready";

test("kill -9 of a worker: its mails get no answer, the other's do, and a new one comes", {
  timeout: 15_000,
}, async () => {
  const atWork = site.logged(({ msg }) => msg === "a slow mail is at work", 8);
  const mails = Promise.all(Array.from({ length: 8 }, () => scan(site, "slow")));
  const seen = await atWork;
  const [victim = 0] = site.workers;
  const ofVictim = seen.filter(({ pid }) => pid === victim).length;
  assert.ok(ofVictim > 0 && ofVictim < 8);
  process.kill(victim, "SIGKILL");
  const statuses = (await mails).map(({ status }) => status);
  // A broken connection is what a mail server answers with 451.
  assert.equal(statuses.filter((status) => status === 0).length, ofVictim);
  assert.equal(statuses.filter((status) => status === 200).length, 8 - ofVictim);
  await site.logged(isNew);
  const after = await Promise.all(Array.from({ length: 6 }, () => scan(site)));
  assert.ok(after.every(({ status }) => status === 200));
});

test("a worker that hangs is replaced; others answer meanwhile", { timeout: 20_000 }, async () => {
  const before = (await site.logged(isNew)).length;
  let isOver = false;
  const hanging = sendMail(site.milter, { Subject: "x", "X-Trouble": "hang" }).finally(() => {
    isOver = true;
  });
  // At most one connection is handed to the one that hangs; every other one is answered while it does.
  const meanwhile: number[] = [];
  const unlucky: Promise<unknown>[] = [];
  while (!isOver) {
    const one = scan(site);
    const status = await Promise.race([one.then(({ status }) => status), pause(300)]);
    if (typeof status === "number") meanwhile.push(status);
    else unlucky.push(one.then((answer) => assert.notEqual(answer.text, "{}")));
  }
  const letters = await hanging;
  assert.match(letters, /^p*$/, "the mail was not decided on: the server puts it off");
  assert.ok(meanwhile.filter((status) => status === 200).length > 5, `${meanwhile}`);
  assert.ok(unlucky.length <= 2, `${unlucky.length} waited`);
  await Promise.all(unlucky);
  const [killed] = await site.logged(({ msg }) => msg === "the worker hangs: killed");
  await site.logged(isNew, before + 1);
  assert.equal(isAlive(killed?.workerPid ?? 0), false);
  assert.equal((await scan(site)).status, 200);
});

test("a mail that hangs its worker over HTTP gets a broken connection, never a verdict", {
  timeout: 15_000,
}, async () => {
  const { status, text } = await scan(site, "hang");
  assert.deepEqual([status, text], [0, ""]);
  assert.equal((await scan(site)).status, 200);
});

test("one that is too large finishes, and a new one takes its place before", { timeout: 60_000 }, async () => {
  const small = await startSite(["--max-memory", "1"]);
  try {
    const slow = Promise.all(Array.from({ length: 4 }, () => scan(small, "slow")));
    await small.logged(({ msg }) => msg === "the worker is too large: replaced", 2);
    const steady: number[] = [];
    const ready = small.logged(isNew, 2).then(() => true);
    while ((await Promise.race([ready, pause(20)])) !== true) steady.push((await scan(small)).status);
    for (const { status } of await slow) assert.equal(status, 200);
    assert.ok(steady.length > 0 && steady.every((status) => status === 200), `${steady}`);
  } finally {
    await small.close();
  }
});

function pause(ms: number): Promise<undefined> {
  return new Promise((done) => setTimeout(() => done(undefined), ms));
}
