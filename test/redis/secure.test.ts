// A Redis that lets in only who is on its access list, and over TLS only; with exactly the rights that the documentation
// tells operators to give.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { freePort } from "../servers/free-port.ts";
import { type RedisServer, startRedis } from "../servers/redis.ts";
import { closeAll, openQueue, openStore, until } from "./clients.ts";

let folder: string;
let server: RedisServer;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-tls-"));
  const files = ["-keyout", `${folder}/key.pem`, "-out", `${folder}/cert.pem`];
  const names = ["-subj", "/CN=redis.example.org", "-addext", "subjectAltName=DNS:redis.example.org"];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  await promisify(execFile)("openssl", [...made, ...files, ...names]);
  const port = await freePort();
  const docs = await readFile(resolve(import.meta.dirname, "../../docs/redis.md"), "utf8");
  const [, rights] = /^ *user sluice on >PASSWORD (.*)$/m.exec(docs) ?? [];
  assert.ok(rights, "docs/redis.md says which rights Sluice needs");
  const config = [
    "port 0",
    `tls-port ${port}`,
    `tls-cert-file ${folder}/cert.pem`,
    `tls-key-file ${folder}/key.pem`,
    `tls-ca-cert-file ${folder}/cert.pem`,
    `user sluice on >right ${rights}`,
    "user default off",
  ];
  server = await startRedis({ config, port });
});
after(async () => {
  await closeAll();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const lines = (tls: string, login = 'username = "sluice"; password = "right";') =>
  `servers = "${server.address}"; timeout = 5s; ${login} tls { enabled = yes; ${tls} }`;
/** A server asks for its clients' certificates, unless it is told otherwise. */
const own = () => `certificate = "${folder}/cert.pem"; key = "${folder}/key.pem";`;
const trusted = () => `${own()} ca = "${folder}/cert.pem"; server_name = "redis.example.org";`;

test("state, tables and jobs work with the documented rights", async () => {
  const [store, queue] = [await openStore(lines(trusted())), await openQueue(lines(trusted()))];
  await store.set("key", "v", 60_000);
  assert.equal(await store.get("key"), "v");
  assert.equal(await store.expire("key", Number.POSITIVE_INFINITY), true);
  assert.equal(await store.delete("key"), true);
  assert.equal(await store.increment("count", 2, 60_000), 2);
  assert.equal((await store.pour("bucket", { capacity: 1, leak: 1, cost: 1 })).allowed, true);
  await store.push("list", "one", 10, 60_000);
  assert.deepEqual(await store.range("list", 0, 1), ["one"]);
  await store.putBlob("blob", Uint8Array.of(1), 60_000);
  assert.deepEqual(await store.getBlob("blob"), Uint8Array.of(1));
  const table = await store.table("table", { cells: 10, bits: 16 });
  const heard: unknown[] = [];
  await table.follow((change) => heard.push(change));
  await table.add(Uint32Array.of(1), Int32Array.of(6), "once");
  await table.halve();
  assert.deepEqual((await table.read())[1], 3);
  await table.write(new Uint16Array(10));
  await table.reset();
  await until(() => heard.length === 4);
  const done: unknown[] = [];
  let broken = true;
  const learn = { name: "learn" };
  const working = await queue.work(learn, { slots: 1, attempts: 2, backoff: 1 }, async (payload) => {
    if (broken) throw new Error("broken");
    done.push(payload);
  });
  await queue.add(learn, "payload", { key: "k", delay: 10 });
  await until(async () => (await queue.count(learn)).dead === 1);
  broken = false;
  const [dead] = await queue.dead(learn, undefined, 1);
  assert.equal(await queue.retry(learn, dead?.id ?? ""), true);
  await until(() => done.length === 1);
  assert.deepEqual(await queue.names(), ["learn"]);
  await working.stop();
  await queue.close();
  await store.close();
});

test("wrong credentials are wrong configuration, said at once", async () => {
  for (const login of ['username = "sluice"; password = "wrong";', ""]) {
    await assert.rejects(openStore(lines(trusted(), login)), { code: "bad-config", message: /refuses us/ });
    await assert.rejects(openQueue(lines(trusted(), login)), { code: "bad-config", message: /refuses us/ });
  }
});

test("a server that nobody vouches for is not spoken to, unless that is what is wanted", async () => {
  for (const tls of ["", `ca = "${folder}/cert.pem"; server_name = "other.example.org";`]) {
    const store = await openStore(lines(`${own()} ${tls}`));
    await assert.rejects(store.get("key"), { code: "unavailable", message: /certificate|altnames/i });
    await store.close();
  }
  const store = await openStore(lines(`${own()} verify = no;`));
  assert.equal(await store.get("nothing"), undefined);
  await store.close();
  await assert.rejects(openStore(lines('ca = "/no/such/file";')), { code: "bad-config", message: /redis.tls.ca/ });
  // Files that hold something else would otherwise fail at each try to connect, or vouch for nobody in silence.
  for (const tls of ['ca = "/etc/hostname";', `certificate = "${folder}/cert.pem"; key = "${folder}/cert.pem";`]) {
    await assert.rejects(openStore(lines(tls)), { code: "bad-config", message: /redis.tls: the files cannot be used/ });
  }
});
