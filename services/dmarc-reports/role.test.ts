import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { configOf } from "../../shared/config/live.ts";
import { dmarcConfig } from "../../shared/dmarc/config.ts";
import { dmarcResultJobs } from "../../shared/dmarc/result-job.ts";
import { openLocalQueue } from "../../shared/queue/local.ts";
import type { System } from "../../shared/role.ts";
import { collectedOf } from "./collect.ts";
import { dayOf } from "./day.ts";
import role from "./role.ts";
import { noon, openStore, resultOf } from "./store.testing.ts";

const named = "enabled = yes; domain = example.net; org_name = Example";
const on = `${named}; email = "dmarc@example.net"`;
const configured = (text: string) => configOf(dmarcConfig, `dmarc { reporting { ${text} } }`);

for (const [text, expected] of [
  ["", []],
  [on, []],
  ["enabled = yes", ["email", "domain", "org_name"]],
  [`${on}; bcc_addrs = [archive]`, ["bcc_addrs"]],
  [`${named}; email = "a b@example.net"`, ["email"]],
] as const) {
  test(`reporting { ${text} }`, () => {
    const faults = role.validate?.(configured(text), []) ?? [];
    const keys = faults.map(({ message }) => /^dmarc\.reporting\.(\w+): /.exec(message)?.[1]);
    assert.deepEqual(keys, expected);
  });
}

test("results that are in the queue are added up, also after a restart", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-queue-"));
  const queue = await openLocalQueue({ folder });
  context.after(async () => {
    await queue.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const store = await openStore(context);
  const system = { queue, store } as Pick<System, "queue" | "store">;
  const start = (text: string) => role.start({ ...system, config: configured(text) } as System);
  await queue.add(dmarcResultJobs, resultOf());
  await (await start("")).close();
  assert.equal((await queue.count(dmarcResultJobs)).waiting, 1, "reports are off: nobody adds up");
  const running = await start(on);
  await queue.add(dmarcResultJobs, resultOf());
  while ((await queue.count(dmarcResultJobs)).waiting + (await queue.count(dmarcResultJobs)).atWork > 0) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await running.close();
  const collected = await collectedOf(store, dayOf(noon), "example.org");
  assert.deepEqual(
    collected?.rows.map(({ count }) => count),
    [2],
  );
});
