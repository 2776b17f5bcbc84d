// The process boundary: one process with state in its folder, and a process for each role that share NATS and Redis and
// nothing else, give the same verdicts; and whatever is killed in between, each mail gets a verdict or a temporary failure.

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { after, before, test } from "node:test";
import { loadServices } from "../bin/services.ts";
import { type Case, parseCases } from "../shared/testing.ts";
import { type Apart, startApart } from "./servers/apart.ts";
import { type NatsServer, startNats } from "./servers/nats.ts";
import { haltServer } from "./servers/process.ts";
import { type RedisServer, startRedis } from "./servers/redis.ts";
import { type Sluice, startSluice } from "./servers/sluice.ts";

const root = resolve(import.meta.dirname, "..");
const roles = ["http", "coordinator", ...(await loadServices()).actors.map(({ name }) => name)];

// Each mail has a DNS of its own, so that nothing is kept; and one that does not answer is waited for once.
const dnsKeys = ["cache_size=0", "timeout=3s", "retransmits=0"];
// On a busy machine the time for pictures must not end on one side only.
const keys = [...dnsKeys.map((key) => `options.dns.${key}`), "qr.time=3s"];
const options = keys.flatMap((key) => ["--set", key]);

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

let nats: NatsServer;
let redis: RedisServer;
let apart: Apart;
let whole: Sluice;

before(async () => {
  [nats, redis] = await Promise.all([startNats(), startRedis()]);
  const shared = { ownData: true, options: [...options, "--set", `redis.servers=${redis.address}`] };
  [apart, whole] = await Promise.all([startApart(nats.address, roles, shared), startSluice({ options })]);
});

after(async () => {
  await apart?.close();
  await whole?.close();
  await nats?.close();
  await redis?.close();
});

interface Answer {
  readonly status: number;
  readonly verdict: Record<string, unknown>;
}

async function ask(url: string, { envelope, raw }: Pick<Case, "envelope" | "raw">): Promise<Answer> {
  const headers = new Headers({ pass: "all" });
  for (const key of ["ip", "helo", "hostname", "from", "user"] as const) {
    const value = envelope[key];
    if (value !== undefined) headers.set(key, value);
  }
  for (const rcpt of envelope.rcpts) headers.append("rcpt", rcpt);
  const response = await fetch(`${url}/checkv2`, { method: "POST", headers, body: Buffer.from(raw) });
  const { time_real: _, ...verdict } = (await response.json()) as Record<string, unknown>;
  return { status: response.status, verdict };
}

/** Times that a mail is asked about again, and ms between them: longer than a breaker is open. */
const tries = 6;
const between = 2_000;

/** As `ask`; again where there was no time for a check, for on a machine that is held up for seconds no two verdicts agree. */
async function askInTime(url: string, mail: Pick<Case, "envelope" | "raw">): Promise<Answer> {
  for (let left = tries; ; left--) {
    const answer = await ask(url, mail);
    const lacks = /"(?:late|refused|busy)"/.test(JSON.stringify(answer.verdict.failed_checks ?? ""));
    if (left === 0 || (answer.status === 200 && !lacks)) return answer;
    await pause(between);
  }
}

async function sameVerdict(mail: Pick<Case, "envelope" | "raw"> & Partial<Case>): Promise<void> {
  for (const { dns } of [whole, apart]) dns.serve(mail.zone ?? []);
  const [one, other] = await Promise.all([askInTime(whole.scan, mail), askInTime(apart.scan, mail)]);
  assert.equal(one.status, 200);
  assert.deepEqual(other, one);
}

test("every case has the same verdict in one process and in several", async () => {
  let count = 0;
  for (const file of globSync("{services/*,test}/cases/**/*.case", { cwd: root }).sort()) {
    for (const mail of parseCases(readFileSync(resolve(root, file), "utf8"), file)) {
      await sameVerdict(mail);
      count += 1;
    }
  }
  assert.ok(count > 100, `only ${count} cases`);
});

test("a mail that is larger than a NATS message has its verdict too", async () => {
  const line = `${"All work and no play. See http://example.org/ for more.".padEnd(76)}\r\n`;
  const head = "From: a@example.org\r\nTo: b@example.net\r\nSubject: large\r\nMessage-ID: <1@example.org>\r\n\r\n";
  const raw = Buffer.from(head + line.repeat(Math.ceil((5 * 1024 * 1024) / line.length)));
  await sameVerdict({ envelope: { rcpts: [] }, raw });
  assert.match(await redis.cli("keys", "*"), /^sluice:b:parcel-/m);
});

test("a verdict that is larger than a NATS message arrives", async () => {
  const urls = Array.from({ length: 900 }, (_, i) => `http://host${i}.example.org/${"x".repeat(1900)}\r\n`);
  const raw = Buffer.from(`From: a@example.org\r\nSubject: many\r\n\r\n${urls.join("")}`);
  await sameVerdict({ envelope: { rcpts: [] }, raw });
});

const plainMail = { envelope: { rcpts: [] }, raw: Buffer.from("From: a@example.org\r\nSubject: x\r\n\r\nhello\r\n") };

/** Scans until `done`, so many at a time; answers with what came back. */
async function scanWhile(done: Promise<void>): Promise<readonly Answer[]> {
  let over = false;
  void done.finally(() => {
    over = true;
  });
  const answers: Answer[] = [];
  const worker = async () => {
    while (!over) answers.push(await ask(apart.scan, plainMail));
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return answers;
}

/** A verdict, or an error that a mail server defers on. Nothing in between, and nothing lost. */
function assertNothingLost(answers: readonly Answer[]): void {
  for (const { status, verdict } of answers) {
    const deferred = status >= 500 && typeof verdict.error === "string" && verdict.action === undefined;
    const decided = status === 200 && typeof verdict.action === "string";
    assert.ok(deferred || decided, `${status} ${JSON.stringify(verdict).slice(0, 200)}`);
  }
}

async function whenWhole(): Promise<Answer> {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await ask(apart.scan, plainMail);
    if (answer.status === 200 && !JSON.stringify(answer.verdict).includes("CHECK_FAILED")) return answer;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error("the filter did not recover in 60 s");
}

test("an actor that is killed costs its symbols, not the mail", async () => {
  const killed = (async () => {
    await pause(300);
    await apart.kill("content");
    await pause(700);
  })();
  const answers = await scanWhile(killed);
  assertNothingLost(answers);
  const without = await ask(apart.scan, plainMail);
  assert.equal(without.status, 200);
  assert.ok(JSON.stringify(without.verdict).includes("CHECK_FAILED"));
  apart.start("content");
});

test("a coordinator that is killed defers mail until it is back", async () => {
  const killed = (async () => {
    await pause(200);
    await apart.kill("coordinator");
    await pause(300);
    apart.start("coordinator");
    await pause(1500);
  })();
  assertNothingLost(await scanWhile(killed));
  await whenWhole();
});

test("a NATS server that stands still for a while keeps no check from the mails after it", async () => {
  const still = (async () => {
    await pause(300);
    await haltServer(nats.pid());
    await pause(4000);
    process.kill(nats.pid(), "SIGCONT");
    await pause(500);
  })();
  const answers = await scanWhile(still);
  assertNothingLost(answers);
  assert.doesNotMatch(JSON.stringify(answers), /:refused/);
  await whenWhole();
});

test("a NATS server that is killed in the middle of scans loses no mail", async () => {
  const killed = (async () => {
    await pause(300);
    await nats.kill();
    await pause(1000);
    await nats.restart();
    await pause(1500);
  })();
  const answers = await scanWhile(killed);
  assertNothingLost(answers);
  assert.ok(
    answers.some(({ status }) => status !== 200),
    "the outage was felt",
  );
  await whenWhole();
});
