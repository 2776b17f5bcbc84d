// What is learned from verdicts: by themselves, where configuration says so, and from mail to traps.

import assert from "node:assert/strict";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { type Sluice, startSluice } from "../servers/sluice.ts";
import { mailNumber, teach } from "./lessons.ts";

const config = `
  http { controller { secure_ip = "127.0.0.1" } }
  regexp {
    SITE_BAD { re = "Subject=/bad/{header}"; score = 9 }
    SITE_WORSE { re = "Subject=/bad/{header}"; score = 9 }
    SITE_GOOD { re = "Subject=/good/{header}"; score = -30 }
    SITE_DULL { re = "Subject=/dull/{header}"; score = 7 }
  }
  spamtrap { map = "trap@example.net"; learn_spam = yes }
  classifier { bayes { size = 1mb; autolearn { min_balance = 0.5; daily_cap = 3 } } }
  neural { enabled = no }
`;

let filter: Sluice;
before(async () => {
  filter = await startSluice({
    config,
    actors: [resolve(import.meta.dirname, "opinion")],
    options: ["--log", "debug"],
  });
});
after(() => filter?.close());

const limit = { timeout: 60_000 };
const mail = (subject: string, n: number) => mailNumber(n).replace(/^Subject:.*$/m, `Subject: ${subject} ${n}`);

interface Line {
  readonly msg: string;
  readonly task: string;
  readonly actor: string;
  readonly lesson: string;
  readonly origin: string;
  readonly fate: string;
}

/** What bayes made of verdicts so far, by task. */
async function fates(): Promise<ReadonlyMap<string, string>> {
  const lines = (await filter.log()).split("\n").filter((line) => line.includes('"msg":"lesson"'));
  const told = lines.map((line): Line => JSON.parse(line)).filter(({ actor }) => actor === "bayes");
  return new Map(told.map(({ task, lesson, origin, fate }) => [task, `${origin} ${lesson} ${fate}`]));
}

let scans = 0;

async function scan(text: string, rcpt = "reader@example.net"): Promise<{ action: string; task: string }> {
  const task = `task-${++scans}`;
  const headers = { ip: "192.0.2.1", from: "a@example.org", rcpt, "log-tag": task };
  const answer = await fetch(`${filter.scan}/checkv2`, { method: "POST", body: text, headers });
  const { action } = (await answer.json()) as { action: string };
  return { action, task };
}

/** The action for a mail and what its verdict teaches, which somebody must say. */
async function taught(text: string, rcpt?: string): Promise<string> {
  const { action, task } = await scan(text, rcpt);
  for (;;) {
    const fate = (await fates()).get(task);
    if (fate !== undefined) return `${action}, ${fate}`;
    await pause(10);
  }
}

/** Tasks whose verdicts must have taught nothing: that is certain when the filter has ended. */
const quiet: string[] = [];

async function untaught(text: string): Promise<string> {
  const { action, task } = await scan(text);
  quiet.push(task);
  return action;
}

async function restart(): Promise<void> {
  await filter.stop();
  await filter.start();
}

/** Resolves when bayes has learned exactly so many. */
async function untilKnown(spam: number, ham: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`${filter.controller}/stat`);
    const { statfiles } = (await answer.json()) as { statfiles: readonly { symbol: string; revision: number }[] };
    const known = (symbol: string) => statfiles.find((one) => one.symbol === symbol)?.revision;
    if (known("BAYES_SPAM") === spam && known("BAYES_HAM") === ham) return;
    await pause(10);
  }
}

test("a verdict far beyond its threshold is learned, others are not", limit, async () => {
  assert.equal(await taught(mail("bad", 1)), "reject, automatic spam taken");
  assert.equal(await untaught(mail("dull", 2)), "add header");
  assert.equal(await untaught(mail("plain", 3)), "no action");
  assert.equal(await taught(mail("good", 4)), "no action, automatic ham taken");
  await untilKnown(1, 1);
  assert.equal(await taught(mail("good", 4)), "no action, automatic ham known");
});

test("what classifiers think teaches nobody", limit, async () => {
  assert.equal(await untaught(mail("opinion", 10)), "reject");
  assert.equal(await untaught(mail("opinion dull", 11)), "reject");
});

test("a lesson by hand stands against verdicts", limit, async () => {
  assert.equal(await teach(filter.controller, "/learnham", mail("bad", 20)), 200);
  await untilKnown(1, 2);
  assert.equal(await taught(mail("bad", 20)), "reject, automatic spam known");
  assert.equal(await teach(filter.controller, "/unlearn", mail("bad", 20)), 200);
  await untilKnown(1, 1);
  assert.equal(await taught(mail("bad", 20)), "reject, automatic spam known");
});

test("neither kind runs away from the other", limit, async () => {
  // There is one of each. Two of the one for one of the other is the most.
  assert.equal(await taught(mail("bad", 30)), "reject, automatic spam taken");
  await untilKnown(2, 1);
  assert.equal(await taught(mail("bad", 31)), "reject, automatic spam taken");
  await untilKnown(3, 1);
  assert.equal(await taught(mail("bad", 32)), "reject, automatic spam unbalanced");
  assert.equal(await taught(mail("good", 33)), "no action, automatic ham taken");
  await untilKnown(3, 2);
});

test("no more than so many of a kind in a day, also after a restart", limit, async () => {
  assert.equal(await taught(mail("good", 40)), "no action, automatic ham taken");
  await untilKnown(3, 3);
  await restart();
  assert.equal(await taught(mail("good", 41)), "no action, automatic ham capped");
  assert.equal(await taught(mail("bad", 42)), "reject, automatic spam capped");
});

test("mail to a trap is learned, whatever its score, but not against a lesson by hand", limit, async () => {
  assert.equal(await taught(mail("good", 50), "trap@example.net"), "no action, trap spam taken");
  await untilKnown(4, 3);
  assert.equal(await teach(filter.controller, "/learnham", mail("good", 51)), 200);
  await untilKnown(4, 4);
  assert.equal(await taught(mail("good", 51), "trap@example.net"), "no action, trap spam known");
  await restart();
  await untilKnown(4, 4);
});

test("what was to teach nothing has taught nothing", limit, async () => {
  await filter.stop();
  const told = await fates();
  assert.deepEqual(
    quiet.map((task) => told.get(task)),
    quiet.map(() => undefined),
  );
});
