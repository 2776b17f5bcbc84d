import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { dumpText } from "../../shared/config/dump.ts";
import { configOf } from "../../shared/config/live.ts";
import { load } from "../../shared/config/load.ts";
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
  [`${on}; smtp_user = reports; smtp_password = 1234`, []],
  [`${on}; smtp_user = reports`, ["smtp_password"]],
  [`${on}; smtp_password = 1234`, ["smtp_user"]],
  [`${on}; smtp_user = "a\\nb"; smtp_password = "c\\rd"`, ["smtp_user", "smtp_password"]],
  [`${on}; smtp_user = reports; smtp_password = ${"x".repeat(4_097)}`, ["smtp_password"]],
  [`${on}; smtp_user = reports; smtp_password = 1234; smtp_tls = never`, []],
  [`${on}; smtp_user = reports; smtp_password = 1234; smtp_tls = never; smtp = mx.example.net`, ["smtp_tls"]],
  [`${on}; smtp_user = reports; smtp_password = 1234; smtp_tls = implicit; smtp = mx.example.net`, []],
] as const) {
  test(`reporting { ${text.slice(0, 160)} }`, () => {
    const faults = role.validate?.(configured(text), []) ?? [];
    const keys = faults.map(({ message }) => /^dmarc\.reporting\.(\w+): /.exec(message)?.[1]);
    assert.deepEqual(keys, expected);
    for (const { message } of faults) assert.doesNotMatch(message, /1234|xxxx|c\rd/, "no fault shows a password");
  });
}

test("a dump of the configuration hides the password", () => {
  const overrides = ["dmarc.reporting.smtp_user=reports", "dmarc.reporting.smtp_password=tr0ub4dor"];
  const text = dumpText(load({ sections: dmarcConfig, overrides, environment: {} }));
  assert.match(text, /smtp_user = "reports";/);
  assert.match(text, /smtp_password = "\*\*\*";/);
  assert.doesNotMatch(text, /tr0ub4dor/);
});

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
