// The controller: who may do what, and what operators are told.

import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { hashPassword } from "../../services/http/passwords.ts";
import { defineActor } from "../../shared/actor.ts";
import { defineCheck } from "../../shared/check.ts";
import { startGateway, type TestGateway } from "./gateway.ts";

const spf = defineCheck({
  name: "SITE_SPF_CHECK",
  about: "Looks at SPF.",
  stage: "filter",
  group: "spf",
  reads: ["headers"],
  symbols: {
    R_SPF_FAIL: { score: 1, about: "SPF fails" },
    R_SPF_ALLOW: { score: -0.2, about: "SPF passes" },
  },
  run() {},
});
const auth = defineActor({
  name: "auth",
  about: "SPF.",
  checks: [spf],
  config: {},
  slots: 1,
  deadline: 1000,
  reaches: [],
});

let folder: string;
let gateway: TestGateway;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-http-"));
  gateway = await startGateway({ actors: [auth] });
  for (let count = 0; count < 3; count += 1) await scan(gateway, { IP: "192.0.2.1", User: "joe" });
});
after(async () => {
  await gateway.close();
  await rm(folder, { recursive: true });
});

function scan(to: TestGateway, headers: Record<string, string> = {}) {
  return fetch(`${to.scan}/checkv2`, { method: "POST", headers, body: "Subject: x\r\n\r\nx\r\n" });
}

async function get(path: string, headers: Record<string, string> = {}, from = gateway): Promise<unknown> {
  return (await fetch(`${from.controller}${path}`, { headers })).json();
}

async function statusOf(from: TestGateway, path: string, headers: Record<string, string> = {}): Promise<number> {
  const reply = await fetch(`${from.controller}${path}`, { headers });
  await reply.text();
  return reply.status;
}

test("symbols are listed by group, with the weight that verdicts show", async () => {
  const groups = (await get("/symbols")) as { group: string; rules: { symbol: string; weight: number }[] }[];
  assert.deepEqual(
    groups.map(({ group, rules }) => [group, rules.map(({ symbol, weight }) => [symbol, weight])]),
    [
      ["headers", [["MISSING_DATE", 1]]],
      [
        "spf",
        [
          ["R_SPF_ALLOW", -0.2],
          ["R_SPF_FAIL", 6.3],
        ],
      ],
    ],
  );
});

test("a POST to /symbols is a scan", async () => {
  const reply = await fetch(`${gateway.controller}/symbols`, { method: "POST", headers: { Log: "no" }, body: "x" });
  assert.deepEqual(Object.keys((await reply.json()) as object)[0], "default");
});

test("counters, totals and history follow the verdicts", async () => {
  const fresh = await startGateway({ actors: [auth], controller: 'secure_ip = "127.0.0.1"' });
  try {
    await scan(fresh, { User: "joe", IP: "192.0.2.1" });
    await scan(fresh, { Log: "no" });
    await scan(fresh, { Flags: "no_stat" });
    const counters = (await get("/counters", {}, fresh)) as { symbol: string; hits: number; time: number }[];
    const spfFail = counters.find(({ symbol }) => symbol === "R_SPF_FAIL");
    assert.equal(spfFail?.hits, 2);
    assert.equal(spfFail?.time, 2.25);
    const stats = (await get("/stat", {}, fresh)) as Record<string, unknown>;
    assert.equal(stats.scanned, 2);
    assert.equal(stats.spam_count, 2);
    assert.equal((stats.actions as Record<string, number>)["add header"], 2);
    const rows = (await get("/history", {}, fresh)) as Record<string, unknown>[];
    assert.equal(rows.length, 2);
    assert.equal(rows[1]?.ip, "192.0.2.1");
    assert.equal(rows[1]?.user, "joe");
    assert.equal(((await get("/history?from=1&to=1", {}, fresh)) as unknown[]).length, 1);
    const auth = (await get("/auth", {}, fresh)) as Record<string, unknown>;
    assert.deepEqual([auth.auth, auth.probable, auth.read_only], ["ok", 2, false]);
    assert.equal(((await get("/statreset", {}, fresh)) as Record<string, unknown>).scanned, 2);
    assert.equal(((await get("/stat", {}, fresh)) as Record<string, unknown>).scanned, 0);
    assert.deepEqual(await get("/historyreset", {}, fresh), { success: true });
    assert.deepEqual(await get("/history", {}, fresh), []);
  } finally {
    await fresh.close();
  }
});

test("metrics are OpenMetrics with the names of Rspamd and histograms by check", async () => {
  const reply = await fetch(`${gateway.controller}/metrics`);
  assert.match(reply.headers.get("content-type") ?? "", /^application\/openmetrics-text; version=1\.0\.0/);
  const text = await reply.text();
  for (const line of [
    "# TYPE rspamd_scanned counter",
    'rspamd_actions_total{type="no action"} 0',
    'sluice_check_work_seconds_bucket{actor="auth",check="SITE_SPF_CHECK",le="0.001"} 0',
  ]) {
    assert.ok(text.includes(`${line}\n`), line);
  }
  assert.match(text, /^sluice_check_work_seconds_count\{actor="auth",check="SITE_SPF_CHECK"\} [1-9]/m);
  assert.ok(text.endsWith("# EOF\n"));
});

test("empty listings, and what there is not", async () => {
  assert.deepEqual(await get("/maps"), []);
  assert.deepEqual(await get("/neighbours"), {});
  assert.deepEqual(await get("/plugins"), {});
  assert.deepEqual(await get("/bayes/classifiers"), { classifiers: [] });
  const actions = (await get("/actions")) as { action: string; value: number | null }[];
  assert.deepEqual(
    actions.find(({ action }) => action === "reject"),
    { action: "reject", value: 15 },
  );
  assert.deepEqual(
    actions.find(({ action }) => action === "no action"),
    { action: "no action", value: null },
  );
  assert.deepEqual(await get("/nope"), { error: "Not found" });
  const trusting = await startGateway({ controller: 'secure_ip = ["127.0.0.0/8"]' });
  try {
    for (const path of ["/learnspam", "/learnham", "/fuzzyadd", "/saveactions"]) {
      const reply = await fetch(`${trusting.controller}${path}`, { method: "POST", body: "mail" });
      assert.equal(reply.status, 404, path);
      assert.deepEqual(Object.keys((await reply.json()) as object), ["error"]);
    }
  } finally {
    await trusting.close();
  }
});

test("without a password this machine may look, and nobody may change anything", async () => {
  assert.equal(await statusOf(gateway, "/stat"), 200);
  assert.equal(await statusOf(gateway, "/stat", { "X-Forwarded-For": "127.0.0.1" }), 401);
  for (const path of ["/statreset", "/historyreset", "/fuzzyadd", "/saveactions"]) {
    assert.equal(await statusOf(gateway, path), 401, path);
  }
  for (const path of ["/learnspam", "/learnham", "/unlearn"]) {
    assert.equal((await fetch(`${gateway.controller}${path}`, { method: "POST", body: "mail" })).status, 401, path);
  }
});

test("a password looks, an enable password changes", async () => {
  const hash = await hashPassword("change it");
  const locked = await startGateway({ controller: `password = "look"; enable_password = '${hash}'` });
  try {
    assert.equal(await statusOf(locked, "/stat"), 401);
    assert.equal(await statusOf(locked, "/checkv2"), 404);
    assert.equal((await fetch(`${locked.controller}/checkv2`, { method: "POST", body: "x" })).status, 401);
    assert.equal(await statusOf(locked, "/ping"), 200);
    assert.equal(await statusOf(locked, "/stat", { Password: "look" }), 200);
    assert.equal(await statusOf(locked, "/stat?password=look"), 200);
    assert.equal(await statusOf(locked, "/statreset", { Password: "look" }), 401);
    assert.equal(await statusOf(locked, "/statreset", { Password: "change it" }), 200);
    assert.equal(((await get("/auth", { Password: "look" }, locked)) as Record<string, unknown>).read_only, true);
    assert.equal(((await get("/auth", { Password: "change it" }, locked)) as Record<string, unknown>).read_only, false);
  } finally {
    await locked.close();
  }
});

test("after ten wrong passwords a source waits, however right the next one is", async () => {
  const locked = await startGateway({ controller: 'password = "look"' });
  try {
    const wrong = await Promise.all(Array.from({ length: 12 }, () => statusOf(locked, "/stat", { Password: "guess" })));
    assert.equal(wrong.filter((status) => status === 401).length, 10);
    assert.equal(wrong.filter((status) => status === 429).length, 2);
    assert.equal(await statusOf(locked, "/stat", { Password: "look" }), 429);
  } finally {
    await locked.close();
  }
});

test("a unix socket needs no password, and leaves no other file in its place", async () => {
  const path = join(folder, "controller.sock");
  const socketed = await startGateway({ sockets: [`${path} mode=0600`] });
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.equal(await overSocket(path, "/statreset"), 200);
  assert.equal(await overSocket(path, "/statreset", { "X-Forwarded-For": "192.0.2.1" }), 401);
  await assert.rejects(startGateway({ sockets: [path] }), { code: "unavailable", message: /another process/ });
  await socketed.close();
  const file = join(folder, "a-file");
  await writeFile(file, "keep");
  await assert.rejects(startGateway({ sockets: [file] }), { code: "unavailable", message: /no socket/ });
});

test("a unix socket is for its owner and the group that is said", async () => {
  const path = join(folder, "grouped.sock");
  const group = process.getuid?.() === 0 ? 12 : process.getgroups?.().at(-1);
  const socketed = await startGateway({ sockets: [`${path} group=${group}`] });
  const { mode, gid } = await stat(path);
  await socketed.close();
  assert.deepEqual({ mode: mode & 0o777, gid }, { mode: 0o660, gid: group });
});

function overSocket(socketPath: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ socketPath, path, headers }, (reply) => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    });
    request.on("error", reject).end();
  });
}

test("nothing is shared with other origins", async () => {
  const reply = await fetch(`${gateway.controller}/stat`, { headers: { Origin: "https://example.org" } });
  assert.equal(reply.headers.get("access-control-allow-origin"), null);
  assert.equal(reply.headers.get("cache-control"), "no-store");
});
