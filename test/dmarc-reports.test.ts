// From mails to a report: DMARC notes what it found when a verdict is out, the queue carries it, the role adds it up, and
// the owner of the domain gets it by mail.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { loadServices } from "../bin/services.ts";
import { collectedOf } from "../services/dmarc-reports/collect.ts";
import { dayOf } from "../services/dmarc-reports/day.ts";
import { sendReports } from "../services/dmarc-reports/send.ts";
import { startServer } from "../services/dmarc-reports/server.testing.ts";
import { openLocalBus } from "../shared/bus/local.ts";
import { configOf } from "../shared/config/live.ts";
import { dmarcConfig } from "../shared/dmarc/config.ts";
import { zoneDns } from "../shared/dns/zone.testing.ts";
import { hostActor } from "../shared/host.ts";
import { silent } from "../shared/log.ts";
import { analyse } from "../shared/message/analyse.ts";
import { openLocalQueue } from "../shared/queue/local.ts";
import type { System } from "../shared/role.ts";
import { scanSubject } from "../shared/scan.ts";
import { openLmdbStore } from "../shared/store/lmdb.ts";

const now = Date.parse("2026-01-15T12:00:00Z");
const services = await loadServices();

const zone = [
  "example.org TXT v=spf1 ip4:192.0.2.1 -all",
  "_dmarc.example.org TXT v=DMARC1; p=reject; rua=mailto:dmarc@example.org,mailto:x@victim.example",
  "example.com TXT v=spf1 ip4:192.0.2.1 -all",
  "_dmarc.example.com TXT v=DMARC1; p=reject",
];

test("mails become a report", async (context) => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-test-"));
  const server = await startServer();
  const bus = openLocalBus({ freeze: true });
  const store = await openLmdbStore({ folder });
  const queue = await openLocalQueue({ folder });
  const resolver = zoneDns(zone);
  const config = configOf(
    services.sections,
    `actions { greylist = 40; add_header = 50; reject = 60 }
     dmarc { reporting { enabled = yes; email = "dmarc@mx.example.net";
       domain = mx.example.net; org_name = Example; smtp_port = ${server.port}; exclude_recipients = ["secret@example.net"] } }`,
  );
  const { actors } = services;
  const system: System = { config, bus, store, queue, resolver, log: silent, actors, now: () => now };
  const roles = services.roles.filter(({ name }) => name === "coordinator" || name === "dmarc-reports");
  const running = await Promise.all(roles.map((role) => role.start(system)));
  for (const actor of actors) running.push(await hostActor(actor, system));
  context.after(async () => {
    for (const part of running) await part.close();
    await bus.close();
    await queue.close();
    await store.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  let serial = 0;
  async function scan(ip: string, author: string, rcpt = "ann@example.net"): Promise<void> {
    const text = `From: joe@${author}\r\nTo: ${rcpt}\r\nSubject: Hello\r\n\r\nHello\r\n`;
    const envelope = { ip, helo: "mail.example.org", from: `joe@${author}`, rcpts: [rcpt] };
    const request = { id: `mail-${++serial}`, envelope, passAll: true, facts: { raw: Buffer.from(text) } };
    const verdict = await bus.ask(scanSubject, request, { deadline: Date.now() + 10_000 });
    assert.deepEqual(verdict.failed, []);
  }

  for (let n = 0; n < 3; n++) await scan("192.0.2.1", "example.org");
  await scan("198.51.100.1", "example.org");
  await scan("198.51.100.1", "example.org", "secret@example.net");
  await scan("192.0.2.1", "example.com");
  await scan("10.0.0.1", "example.org");
  await scan("192.0.2.9", "example.net");

  const day = dayOf(now);
  const counted = async () => {
    const rows = (await collectedOf(store, day, "example.org"))?.rows ?? [];
    return rows.map(({ row, count }) => [row.ip, count, row.spf, row.disposition, row.reason?.type]);
  };
  const patience = Date.now() + 20_000;
  while ((await counted()).reduce((sum, [, count]) => sum + Number(count), 0) < 4) {
    assert.ok(Date.now() < patience, `only ${JSON.stringify(await counted())}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.deepEqual(await counted(), [
    ["192.0.2.1", 3, "pass", "none", undefined],
    // It fails, but its score does not forbid it: the owner is told what happened, not what was asked for.
    ["198.51.100.1", 1, "fail", "none", "local_policy"],
  ]);

  const { reporting } = config.get(dmarcConfig).dmarc;
  const outcome = await sendReports({ store, resolver, reporting, now: () => now }, day, false, () => {});
  assert.deepEqual(
    outcome.reports.map(({ domain, status, recipients, messages }) => [domain, status, recipients, messages]),
    [["example.org", "sent", ["dmarc@example.org"], 4]],
  );
  const [report] = analyse(Buffer.from(server.kept[0]?.message ?? "", "latin1")).attachments;
  const xml = gunzipSync(report?.content ?? new Uint8Array()).toString("utf8");
  assert.match(xml, /<source_ip>192\.0\.2\.1<\/source_ip><count>3<\/count>/);
});
