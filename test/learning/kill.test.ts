// A filter that is killed while it takes lessons, and while it learns them: each lesson that was accepted counts once.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { readModels } from "../../bin/model-file.ts";
import { lessonJobs } from "../../shared/learning/lesson.ts";
import { silent } from "../../shared/log.ts";
import { openLocalQueue } from "../../shared/queue/local.ts";
import { sluice } from "../cli/sluice.ts";
import { type Sluice, startSluice } from "../servers/sluice.ts";
import { learned, mailNumber, type Path, teach, untilLearned } from "./lessons.ts";

const count = 400;
const config = `http { controller { secure_ip = "127.0.0.1" } } classifier { bayes { size = 1mb } } neural { enabled = no }
  options { job_lease = 3s }`;

let folder: string;
let filter: Sluice;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-kill-"));
  filter = await startSluice({ config });
});
after(async () => {
  await filter?.close();
  await rm(folder, { recursive: true, force: true });
});

const model = (...args: readonly string[]) =>
  sluice(["model", ...args, "--config", filter.folder, "--data", join(filter.folder, "data")]);

interface Stat {
  readonly name: string;
  readonly spam: number;
  readonly ham: number;
  readonly waiting: number;
  readonly dead: number;
}

async function bayes(): Promise<Stat | undefined> {
  const { stdout, stderr } = await model("stat", "--json");
  assert.equal(stderr, "");
  return (JSON.parse(stdout) as Stat[]).find(({ name }) => name === "bayes");
}

/** Teaches all mails, several at once; one without an answer again until it has one. `taken` hears of each. */
async function teachAll(pathOf: (n: number) => Path, taken: (done: number) => void): Promise<void> {
  let next = 0;
  let done = 0;
  const worker = async () => {
    for (let n = next++; n < count; n = next++) {
      for (;;) {
        const status = await teach(filter.controller, pathOf(n), mailNumber(n));
        if (status === 200 || status === 208) break;
        assert.ok(status === undefined || status === 503, `status ${status}`);
        await pause(20);
      }
      taken(++done);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** Resolves when no lesson waits; those at work in a process that was killed are taken up again after a while. */
async function untilDone(): Promise<void> {
  const queue = await openLocalQueue({ folder: join(filter.folder, "data", "queue"), log: silent });
  for (;;) {
    const { waiting, delayed, atWork } = await queue.count(lessonJobs("bayes"));
    if (waiting + delayed + atWork === 0) break;
    await pause(50);
  }
  await queue.close();
}

async function crash(): Promise<void> {
  await filter.kill();
  await filter.start();
}

test("lessons survive kills, and count once", { timeout: 240_000 }, async () => {
  const moments = new Set([30 + Math.floor(Math.random() * 100), 170 + Math.floor(Math.random() * 100), count - 5]);
  let crashing = Promise.resolve();
  await teachAll(
    (n) => (n % 2 === 0 ? "/learnspam" : "/learnham"),
    (done) => {
      if (moments.has(done)) crashing = crashing.then(crash);
    },
  );
  await crashing;
  // Twice more while it learns what has been waiting.
  for (let round = 0; round < 2; round++) {
    const before = (await learned(filter.controller)) ?? 0;
    await untilLearned(filter.controller, (now) => now > before || now === count);
    await pause(Math.random() * 20);
    await crash();
  }
  await untilDone();
  const { spam, ham, waiting, dead } = (await bayes()) ?? assert.fail("no bayes");
  assert.deepEqual({ spam, ham, waiting, dead }, { spam: count / 2, ham: count / 2, waiting: 0, dead: 0 });
});

test("... and exactly what was learned is taken back", { timeout: 120_000 }, async () => {
  await teachAll(
    () => "/unlearn",
    () => {},
  );
  await untilDone();
  const { spam, ham, dead } = (await bayes()) ?? assert.fail("no bayes");
  assert.deepEqual({ spam, ham, dead }, { spam: 0, ham: 0, dead: 0 });
  const file = join(folder, "model");
  assert.equal((await model("export", file, "--only", "bayes")).code, 0);
  const [saved] = await readModels(file);
  // The first four bytes say how large it is.
  const left = saved?.bytes.subarray(4).reduce((sum, byte) => sum + Number(byte !== 0), 0);
  assert.equal(left, 0);
});
