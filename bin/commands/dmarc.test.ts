// `sluice dmarc report`, from results in the store to mail at the site's mail server.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { collect } from "../../services/dmarc-reports/collect.ts";
import { startServer, type TestServer } from "../../services/dmarc-reports/server.testing.ts";
import { resultOf } from "../../services/dmarc-reports/store.testing.ts";
import { openLmdbStore } from "../../shared/store/lmdb.ts";
import { sluice } from "../../test/cli/sluice.ts";

let folder: string;
let server: TestServer;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-dmarc-report-"));
  server = await startServer();
  const config = `dmarc { reporting { enabled = yes; email = "dmarc@mx.example.net"; domain = mx.example.net;
    org_name = Example; smtp_port = ${server.port}; retries = 0 } }`;
  await mkdir(join(folder, "config"));
  await writeFile(join(folder, "config", "sluice.conf"), config);
  await mkdir(join(folder, "data"));
  const store = await openLmdbStore({ folder: join(folder, "data", "store") });
  const limits = { max_entries: 100, keys_expire: 86_400_000 };
  for (let n = 0; n < 3; n++) await collect(store, resultOf(), limits);
  await store.close();
});
after(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

function report(...args: readonly string[]) {
  const places = ["--config", join(folder, "config"), "--data", join(folder, "data")];
  return sluice(["dmarc", "report", ...places, ...args]);
}

test("a dry run prints, a run sends, and once is enough", async () => {
  const dry = await report("--date", "2026-01-15", "--dry-run");
  assert.equal(dry.code, 0, dry.stderr);
  assert.match(dry.stdout, /^example\.org: not sent to reports@example\.org: 3 messages, 1 rows$/m);
  assert.match(dry.stdout, /<source_ip>192\.0\.2\.1<\/source_ip><count>3<\/count>/);
  assert.equal(server.connections, 0);
  const run = await report("--date", "20260115");
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stdout, /^example\.org: sent to reports@example\.org: 3 messages, 1 rows$/m);
  assert.match(run.stdout, /^2026-01-15: 1 domains, 1 reports sent, 0 failed$/m);
  assert.deepEqual(
    server.kept.map(({ recipients }) => recipients),
    [["reports@example.org"]],
  );
  const again = await report("--date", "2026-01-15");
  assert.match(again.stdout, /^example\.org: sent before/m);
  assert.equal(server.kept.length, 1);
});

test("a day without results", async () => {
  const { code, stdout } = await report();
  assert.equal(code, 0);
  assert.match(stdout, /: 0 domains, 0 reports sent, 0 failed$/m);
});

test("a mail server that is not there", async () => {
  const store = await openLmdbStore({ folder: join(folder, "data", "store") });
  const limits = { max_entries: 100, keys_expire: 86_400_000 };
  await collect(
    store,
    resultOf({ policyDomain: "example.com", addresses: [{ address: "x@example.com", limit: null }] }),
    limits,
  );
  await store.close();
  const closed = await startServer();
  await closed.close();
  const { code, stdout } = await report("--date", "2026-01-15", "--set", `dmarc.reporting.smtp_port=${closed.port}`);
  assert.equal(code, 1, stdout);
  assert.match(stdout, /^example\.com: failed: 1 messages, 1 rows\n {2}127\.0\.0\.1:\d+: .*ECONNREFUSED/m);
});

test("wrong usage, and reports that are off", async () => {
  assert.equal((await sluice(["dmarc"])).code, 64);
  assert.equal((await sluice(["dmarc", "reports"])).code, 64);
  const wrong = await report("--date", "yesterday");
  assert.deepEqual([wrong.code, wrong.stderr], [64, 'sluice dmarc report: "yesterday" is no day: 2026-01-15\n']);
  const off = await report("--set", "dmarc.reporting.enabled=no");
  assert.equal(off.code, 78);
  assert.match(off.stderr, /dmarc\.reporting\.enabled is not set/);
  const half = await report("--set", 'dmarc.reporting.email=""');
  assert.equal(half.code, 78);
  assert.match(half.stderr, /dmarc\.reporting\.email: reports need the address of a sender/);
});
