// How queries get through to name servers that are lossy, sick, gone or hostile.

import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { type Ask, askOf, countOf, resolverFor, short, startSite, task } from "./site.testing.ts";
import { type ZoneServerOptions, zoneServerFor } from "./zone-server.testing.ts";

test("a query that got lost is sent again, and a late reply counts", async (t) => {
  let seen = 0;
  const lose = { reply: (_: unknown, usual: readonly Buffer[]) => (++seen < 3 ? [] : usual) };
  const lost = await startSite(t, ["example.org A 192.0.2.1"], lose, "timeout = 100ms");
  assert.deepEqual(await lost.ask("example.org", "A"), ["192.0.2.1"]);
  assert.equal(countOf(lost.server), 3);

  let first: (() => void) | undefined;
  const hold: ZoneServerOptions["reply"] = (_, usual) => {
    if (first !== undefined) {
      first();
      return [];
    }
    return new Promise((resolve) => {
      first = () => resolve(usual);
    });
  };
  const late = await startSite(t, ["example.org A 192.0.2.1"], { reply: hold }, "timeout = 100ms");
  assert.deepEqual(await late.ask("example.org", "A"), ["192.0.2.1"]);
  assert.equal(countOf(late.server), 2);
});

test("a server that never answers is a timeout after the retransmits", async (t) => {
  const { ask, server } = await startSite(t, ["a.org * !TIMEOUT"], {}, "timeout = 10ms; retransmits = 2");
  assert.equal(await ask("a.org", "A"), "failed: timeout");
  assert.equal(countOf(server), 3);
});

test("once a server is known to be silent a query is sent once", async (t) => {
  const { ask, server } = await startSite(
    t,
    ["*.org A !TIMEOUT", "b.com A 192.0.2.1"],
    {},
    "timeout = 100ms; retransmits = 5",
  );
  const count = () => server.asked.filter(({ type }) => type === "A").length;
  assert.equal(await ask("a.org", "A"), "failed: timeout");
  assert.equal(count(), 4, "four failures in a row take it out");
  assert.equal(await ask("b.org", "A"), "failed: timeout");
  assert.equal(count(), 5);
  assert.deepEqual(await ask("b.com", "A"), ["192.0.2.1"], "and an answer brings it back");
  assert.equal(await ask("c.org", "A"), "failed: timeout");
  assert.equal(count(), 10);
});

test("a reply that was cut is fetched over TCP", async (t) => {
  const zone = Array.from({ length: 60 }, (_, at) => `big.org TXT ${at} ${"x".repeat(400)}`);
  const { ask, server } = await startSite(t, zone);
  const records = await ask("big.org", "TXT");
  assert.ok(Array.isArray(records) && records.length === 60);
  assert.deepEqual([countOf(server, "udp"), countOf(server, "tcp")], [1, 1]);
});

test("TCP that gives nothing is a failure, not an empty answer", async (t) => {
  const zone = Array.from({ length: 5 }, () => `big.org TXT ${"x".repeat(400)}`);
  const reply: ZoneServerOptions["reply"] = (asked, usual) =>
    asked.over === "udp" ? usual : [Buffer.from("nonsense")];
  const { ask } = await startSite(t, zone, { reply });
  assert.equal(await ask("big.org", "TXT"), "failed: no reply over TCP");
  const silence: ZoneServerOptions["reply"] = (asked, usual) => (asked.over === "udp" ? usual : []);
  const silent = await startSite(t, zone, { reply: silence }, "timeout = 100ms; retransmits = 1");
  assert.equal(await silent.ask("big.org", "TXT"), "failed: timeout");
  const cut: ZoneServerOptions["reply"] = (_, usual) => {
    for (const message of usual) message[2] = 0x83;
    return usual;
  };
  assert.equal(await (await startSite(t, zone, { reply: cut })).ask("big.org", "TXT"), "failed: malformed reply");
});

test("forged replies are not listened to", async (t) => {
  const forge = (usual: readonly Buffer[], at: number, change: number) =>
    usual.map((message) => {
      const forged = Buffer.from(message);
      forged[at] = (forged[at] ?? 0) ^ change;
      forged[forged.length - 1] = 66;
      return forged;
    });
  const reply: ZoneServerOptions["reply"] = (_, usual) => [
    Buffer.alloc(0),
    Buffer.alloc(11),
    ...forge(usual, 0, 1), // id
    ...forge(usual, 1, 128),
    ...forge(usual, 2, 128), // a query
    ...forge(usual, 13, 1), // name
    ...forge(usual, 25, 3), // type
    ...usual,
  ];
  const { ask } = await startSite(t, ["example.org A 192.0.2.1"], { reply });
  assert.deepEqual(await ask("example.org", "A"), ["192.0.2.1"]);
});

test("a reply from another port is not listened to", async (t) => {
  const stranger = createSocket("udp4");
  t.after(() => stranger.close());
  const reply: ZoneServerOptions["reply"] = async (asked, usual) => {
    for (const message of usual) {
      const forged = Buffer.from(message);
      forged[forged.length - 1] = 66;
      await new Promise((resolve) => stranger.send(forged, asked.from, "127.0.0.1", resolve));
    }
    return usual;
  };
  const { ask } = await startSite(t, ["example.org A 192.0.2.1"], { reply });
  assert.deepEqual(await ask("example.org", "A"), ["192.0.2.1"]);
});

test("queries come from many ports, with ids that do not follow each other", async (t) => {
  const { ask, server } = await startSite(t, ["*.org A 192.0.2.1"]);
  await Promise.all(Array.from({ length: 64 }, (_, at) => ask(`${at}.org`, "A")));
  assert.equal(new Set(server.asked.map(({ from }) => from)).size, 16);
  const ids = server.asked.map(({ id }) => id);
  assert.ok(new Set(ids).size > 60);
  const steps = new Set(ids.slice(1).map((id, at) => id - (ids[at] ?? 0)));
  assert.ok(steps.size > 50);
});

test("a server that does not know EDNS is asked without", async (t) => {
  const reply: ZoneServerOptions["reply"] = (asked, usual) => {
    if (!asked.edns) return usual;
    const complaint = Buffer.alloc(12);
    complaint.writeUInt16BE(asked.id, 0);
    complaint.writeUInt16BE(0x8181, 2);
    return [complaint];
  };
  const { ask, server } = await startSite(t, ["a.org A 192.0.2.1", "b.org A 192.0.2.2"], { reply });
  assert.deepEqual(await ask("a.org", "A"), ["192.0.2.1"]);
  assert.deepEqual(await ask("b.org", "A"), ["192.0.2.2"]);
  assert.deepEqual(
    server.asked.map(({ edns }) => edns),
    [true, false, false],
  );
});

test("with several servers one that fails costs an attempt, and in the end none", async (t) => {
  const good = await zoneServerFor(t, { zone: ["*.org A 192.0.2.1"] });
  for (const fault of ["!SERVFAIL", "!REFUSED", "!MALFORMED", "!TIMEOUT"]) {
    const bad = await zoneServerFor(t, { zone: [`*.org * ${fault}`] });
    const resolver = resolverFor(t, `nameserver = ["sequential:${bad.address}", "${good.address}"]; timeout = 100ms`);
    for (let at = 0; at < 12; at++) {
      assert.deepEqual(short(await resolver.dnsFor(task()).query(`${at}.org`, "A")), ["192.0.2.1"], fault);
    }
    if (fault === "!SERVFAIL") assert.ok(countOf(bad) >= 6, "it may be the name that is broken");
    else assert.equal(countOf(bad), 4, `${fault}: out after four`);
  }
});

test("servers that all say SERVFAIL are each asked once", async (t) => {
  const [one, two] = [
    await zoneServerFor(t, { zone: ["a.org * !SERVFAIL"] }),
    await zoneServerFor(t, { zone: ["a.org * !SERVFAIL"] }),
  ];
  const resolver = resolverFor(t, `nameserver = ["${one.address}", "${two.address}"]`);
  assert.equal(await askOf(resolver)("a.org", "A"), "failed: SERVFAIL");
  assert.deepEqual([countOf(one), countOf(two)], [1, 1]);
});

test("a port where nobody listens is a failure soon, and forgiven when somebody does", async (t) => {
  const gone = await zoneServerFor(t);
  await gone.close();
  const resolver = resolverFor(
    t,
    `nameserver = "${gone.address}"; timeout = 100ms; retransmits = 9; cache_failure_ttl = 0`,
  );
  const answers: unknown[] = [];
  for (const name of ["a.org", "b.org", "c.org"]) answers.push(await askOf(resolver)(name, "A"));
  assert.equal(answers[0], "failed: unreachable");
  for (const answer of answers) assert.match(String(answer), /^failed: (?:unreachable|no name server answers)$/);
  await zoneServerFor(t, { zone: ["a.org A 192.0.2.1"], port: gone.port });
  assert.deepEqual(await answerOf(askOf(resolver)), ["192.0.2.1"]);
});

/** What is said of a.org when somebody answers again. */
async function answerOf(ask: Ask): Promise<unknown> {
  for (;;) {
    const answer = await ask("a.org", "A");
    if (answer !== "failed: no name server answers") return answer;
    await setTimeout(10);
  }
}

test("servers that are silent are asked for nothing but the root, and for all again once they answer that", async (t) => {
  let isSilent = true;
  const reply: ZoneServerOptions["reply"] = (_, usual) => (isSilent ? [] : usual);
  const servers = [await zoneServerFor(t, { zone: ["a.org A 192.0.2.1"], reply }), await zoneServerFor(t, { reply })];
  const list = servers.map(({ address }) => `"${address}"`).join(", ");
  const keys = `nameserver = [${list}]; timeout = 50ms; retransmits = 9; cache_failure_ttl = 0`;
  const ask = askOf(resolverFor(t, keys));
  let answer: unknown = "failed: timeout";
  while (answer === "failed: timeout") answer = await ask("a.org", "A");
  assert.equal(answer, "failed: no name server answers", "that is a failure too, and never no record");
  const [one] = servers;
  assert.ok(one);
  const before = one.asked.length;
  for (let at = 0; at < 20; at++) assert.equal(await ask(`${at}.org`, "A"), "failed: no name server answers");
  assert.deepEqual(
    one.asked.slice(before).filter(({ name }) => name !== ""),
    [],
  );
  isSilent = false;
  assert.ok(["192.0.2.1", "no-name"].includes(String(await answerOf(ask))));
});

test("a domain whose own servers are silent does not make the name server look so", async (t) => {
  const zone = ["*.org A !TIMEOUT", "a.com A 192.0.2.1"];
  const { ask, server } = await startSite(t, zone, {}, "timeout = 50ms; retransmits = 5");
  for (let at = 0; at < 4; at++) assert.equal(await ask(`${at}.org`, "A"), "failed: timeout");
  while (!server.asked.some(({ name }) => name === "")) await setTimeout(10);
  assert.deepEqual(await ask("a.com", "A"), ["192.0.2.1"]);
});

test("records without end are a failure", async (t) => {
  const record = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, 3, 2, 0x61, 0x62]);
  const reply: ZoneServerOptions["reply"] = (asked, usual) =>
    usual.map((message) => {
      if (asked.over === "udp") return message;
      const many = Buffer.concat([message.subarray(0, 12 + asked.question.length), ...new Array(4_000).fill(record)]);
      many.writeUInt16BE(4_000, 6);
      return many;
    });
  const zone = Array.from({ length: 5 }, () => `big.org TXT ${"x".repeat(400)}`);
  const { ask } = await startSite(t, zone, { reply });
  assert.equal(await ask("big.org", "TXT"), "failed: too many records");
});

test("a port is given up after a while, and nothing is lost with it", async (t) => {
  const { ask, server } = await startSite(t, ["*.org A 192.0.2.1"], {}, "sockets = 1");
  for (let at = 0; at < 2_100; at += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, more) => ask(`${at + more}.org`, "A")));
    assert.deepEqual(new Set(answers.map(String)), new Set(["192.0.2.1"]));
  }
  assert.equal(new Set(server.asked.map(({ from }) => from)).size, 2);
});

test("a name server may have a name", async (t) => {
  const server = await zoneServerFor(t, { zone: ["a.org A 192.0.2.1"] });
  const resolver = resolverFor(t, `nameserver = "localhost:${server.port}"; timeout = 300ms`);
  assert.deepEqual(await askOf(resolver)("a.org", "A"), ["192.0.2.1"]);
});
