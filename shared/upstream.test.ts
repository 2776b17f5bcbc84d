import assert from "node:assert/strict";
import { test } from "node:test";
import { type Upstream, type UpstreamOptions, Upstreams, upstreamLimits } from "./upstream.ts";
import { parseServers } from "./upstream-list.ts";

function open(text: string, options: UpstreamOptions = {}): Upstreams {
  const list = parseServers(text, { port: 1, rotation: "round-robin" });
  if (list instanceof Error) throw list;
  return new Upstreams(list, options);
}

const picks = (upstreams: Upstreams, count: number) =>
  Array.from({ length: count }, () => upstreams.pick()?.host).join(" ");

/** Of a list, by host. */
function find({ all }: Upstreams, host: string): Upstream {
  const found = all.find((upstream) => upstream.host === host);
  assert.ok(found);
  return found;
}

test("round-robin mixes evenly by weight", () => {
  assert.equal(picks(open("a,b,c"), 6), "a b c a b c");
  assert.equal(picks(open("a:1:3,b"), 8), "a a b a a a b a");
});

test("sequential goes round whatever the weights", () => {
  assert.equal(picks(open("sequential:a:1:9,b"), 4), "a b a b");
});

test("random keeps to the weights", () => {
  const chances = [0, 0.2, 0.74, 0.76, 0.999];
  const upstreams = open("random:a:1:3,b", { random: () => chances.shift() ?? 0 });
  assert.equal(picks(upstreams, 5), "a a a b b");
});

test("master-slave takes the heaviest that is alive", () => {
  const upstreams = open("master-slave:a,b:1:5,c:1:5");
  assert.equal(picks(upstreams, 3), "b b b");
  for (let count = 0; count < 4; count++) find(upstreams, "b").failed();
  assert.equal(picks(upstreams, 2), "c c");
});

test("hash keeps a key with its server, and moves only the keys of one that died", () => {
  const upstreams = open("hash:a,b,c,d");
  const keys = Array.from({ length: 400 }, (_, index) => `key ${index}`);
  const before = keys.map((key) => upstreams.pick(key)?.host);
  for (const host of ["a", "b", "c", "d"]) {
    const count = before.filter((chosen) => chosen === host).length;
    assert.ok(count > 60 && count < 140, `${host} has ${count} of 400`);
  }
  for (let count = 0; count < 4; count++) find(upstreams, "b").failed();
  for (const [index, key] of keys.entries()) {
    const after = upstreams.pick(key)?.host;
    if (before[index] === "b") assert.notEqual(after, "b");
    else assert.equal(after, before[index]);
  }
});

test("a request goes to a server once, to the living first", () => {
  const upstreams = open("a,b");
  for (let count = 0; count < 4; count++) find(upstreams, "a").failed();
  const tried = new Set<Upstream>();
  for (const host of ["b", "a"]) {
    const next = upstreams.pick("", tried);
    assert.equal(next?.host, host);
    if (next) tried.add(next);
  }
  assert.equal(upstreams.pick("", tried), undefined);
});

test("failures in a row within the time take a server out, and time brings it back on trial", () => {
  let now = 0;
  const told: string[] = [];
  const onChange = ({ host }: Upstream, isAlive: boolean) => told.push(`${host} ${isAlive ? "up" : "down"}`);
  const upstreams = open("a,b", { now: () => now, random: () => 0.5, onChange });
  const a = find(upstreams, "a");
  for (let count = 0; count < 3; count++) a.failed();
  a.succeeded();
  for (let count = 0; count < 3; count++) a.failed();
  assert.ok(a.isAlive, "an answer forgives");
  now = 10_001;
  a.failed();
  assert.ok(a.isAlive, "what is long ago does not count");
  for (let count = 0; count < 3; count++) a.failed();
  assert.ok(!a.isAlive);
  assert.equal(picks(upstreams, 3), "b b b");
  now += 60_000;
  assert.ok(a.isAlive);
  a.failed();
  assert.ok(!a.isAlive, "one failure is enough after that");
  now += 60_000;
  assert.deepEqual(told, ["a down"]);
  a.succeeded();
  assert.deepEqual(told, ["a down", "a up"]);
  a.failed();
  assert.ok(a.isAlive);
});

test("where all are dead all are tried", () => {
  const upstreams = open("a,b");
  for (const upstream of upstreams.all) for (let count = 0; count < 4; count++) upstream.failed();
  assert.ok(!upstreams.isAlive);
  assert.deepEqual([upstreams.pick()?.host, upstreams.pick()?.host].sort(), ["a", "b"]);
});

test("a name is looked up when it is needed, kept, and looked up again later", async () => {
  let now = 0;
  const asked: string[] = [];
  const replies = [["192.0.2.1", "192.0.2.2"], ["192.0.2.3"]];
  const resolve = async (name: string) => {
    asked.push(name);
    return replies.shift() ?? [];
  };
  const [server] = open("ns.example", { now: () => now, random: () => 0.5, resolve }).all;
  assert.ok(server);
  assert.deepEqual(await Promise.all([server.address(), server.address()]), ["192.0.2.1", "192.0.2.1"]);
  assert.equal(asked.length, 1, "one lookup for both");
  server.failed();
  assert.equal(server.address(), "192.0.2.2", "the next address of a server that failed");
  now = upstreamLimits.resolveTime;
  assert.equal(server.address(), "192.0.2.2", "the old one holds while the new one is looked up");
  await new Promise(setImmediate);
  assert.equal(server.address(), "192.0.2.3");
  now *= 2;
  server.address();
  await new Promise(setImmediate);
  assert.equal(server.address(), "192.0.2.3", "also when the name is gone");
  assert.equal(asked.length, 3);
});

test("a server that fails is looked up again, though not at once", async () => {
  let now = 0;
  let asked = 0;
  const resolve = async () => [`192.0.2.${++asked}`];
  const [server] = open("ns.example", { now: () => now, resolve }).all;
  await server?.address();
  server?.failed();
  server?.address();
  assert.equal(asked, 1);
  now = upstreamLimits.resolvePause;
  server?.failed();
  server?.address();
  assert.equal(asked, 2);
});

test("a name without an address rejects", async () => {
  const [server] = open("ns.example", { resolve: async () => [] }).all;
  await assert.rejects(async () => server?.address(), /ns.example has no address/);
});
