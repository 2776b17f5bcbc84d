// A Redis that answers, and says no: it is full, or forbids what was allowed; and one that closes connections all the time.
// Nobody asks it without a rest, the log stays short, nothing that was accepted is lost, and work goes on by itself.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Jobs } from "../../shared/queue/queue.ts";
import { type RedisServer, startRedis } from "../servers/redis.ts";
import { closeAll, openQueue, openStore, pause, until } from "./clients.ts";
import { keptLog } from "./kept-log.ts";

const rights = "on >right ~sluice:* ~{sluice:* &sluice:* +@all -@admin -@dangerous +info".split(" ");
let server: RedisServer;
let lines: string;
before(async () => {
  server = await startRedis();
  await server.cli("ACL", "SETUSER", "sluice", ...rights);
  lines = `servers = "${server.address}"; username = "sluice"; password = "right"; timeout = 1s;`;
});
after(async () => {
  await closeAll();
  await server?.close();
});

const learn: Jobs<number> = { name: "learn" };

/** Commands that the server has been asked so far. */
async function commands(): Promise<number> {
  return Number(/^total_commands_processed:(\d+)/m.exec(await server.cli("info", "stats"))?.[1]);
}

for (const [what, begin, end] of [
  ["is full", ["CONFIG", "SET", "maxmemory", "1mb"], ["CONFIG", "SET", "maxmemory", "0"]],
  [
    "forbids scripts",
    ["ACL", "SETUSER", "sluice", "-evalsha", "-eval"],
    ["ACL", "SETUSER", "sluice", "+evalsha", "+eval"],
  ],
] as const) {
  test(`a Redis that ${what}: jobs are refused, workers rest between two tries, and then go on`, async () => {
    const { log, said } = keptLog();
    const queue = await openQueue(lines, 30_000, log);
    const done: number[] = [];
    await queue.add(learn, 1);
    await server.cli(...begin);
    await queue.work(learn, { slots: 4 }, async (n) => done.push(n));
    await assert.rejects(queue.add(learn, 2), { code: "unavailable" });
    const asked = await commands();
    await pause(1_500);
    // Without a rest there would be thousands.
    assert.ok((await commands()) - asked < 200);
    assert.deepEqual(done, []);
    assert.ok(said.length <= 3, said.join("\n"));
    await server.cli(...end);
    await queue.add(learn, 3);
    await until(() => done.length === 2);
    await queue.close();
  });
}

test("a worker to which Redis answers nothing at first holds nobody up, and works when it may", async () => {
  const queue = await openQueue(lines);
  const done: number[] = [];
  await queue.add(learn, 1);
  await server.cli("ACL", "SETUSER", "sluice", "-info");
  await queue.work(learn, { slots: 1 }, async (n) => done.push(n));
  await pause(100);
  assert.deepEqual(done, []);
  await server.cli("ACL", "SETUSER", "sluice", "+info");
  await until(() => done.length === 1);
  await queue.close();
});

test("a Redis that closes connections all the time is said to be lost once", async () => {
  const { log, said } = keptLog();
  const store = await openStore(lines, log);
  const table = await store.table("table", { cells: 10, bits: 8 });
  await table.follow(() => {});
  for (let times = 0; times < 10; times++) {
    await server.cli("CLIENT", "KILL", "USER", "sluice");
    await assert.rejects(async () => {
      for (;;) await store.get("key");
    });
    await until(async () => (await store.get("key")) === undefined);
  }
  for (const [text, most] of [
    // Two connections, and the one that listens.
    ["Redis does not answer", 2],
    ["Redis is there again", 2],
    ["changes of tables are not heard", 1],
  ] as const) {
    const times = said.filter((line) => line.startsWith(text)).length;
    assert.ok(times >= 1 && times <= most, `${times} times: ${text}`);
  }
  await store.close();
});
