import assert from "node:assert/strict";
import { test } from "node:test";
import { holdValues } from "./config/held.ts";
import { configOf, type LiveConfig } from "./config/live.ts";
import type { MeasuredDns } from "./dns/dns.ts";
import { type Ask, countOf, resolverFor, short, startSite, task } from "./dns/site.testing.ts";
import { type ZoneServerOptions, zoneServerFor } from "./dns/zone-server.testing.ts";
import { silent } from "./log.ts";
import { optionsConfig } from "./options.ts";
import { openResolver } from "./resolver.ts";

test("answers what the name server says, for each type", async (t) => {
  const zone = [
    "example.org A 192.0.2.1",
    "example.org A 192.0.2.2",
    "example.org AAAA 2001:db8::1",
    "example.org TXT v=spf1 -all",
    "example.org MX 10 mail.example.org",
    "example.org NS ns.example.org",
    "1.2.0.192.in-addr.arpa PTR example.org",
    "www.example.org CNAME example.org",
  ];
  const { ask } = await startSite(t, zone);
  assert.deepEqual(await ask("example.org", "A"), ["192.0.2.1", "192.0.2.2"]);
  assert.deepEqual(await ask("EXAMPLE.org.", "AAAA"), ["2001:db8::1"]);
  assert.deepEqual(await ask("example.org", "TXT"), ["v=spf1 -all"]);
  assert.deepEqual(await ask("example.org", "MX"), [{ preference: 10, exchange: "mail.example.org" }]);
  assert.deepEqual(await ask("example.org", "NS"), ["ns.example.org"]);
  assert.deepEqual(await ask("1.2.0.192.in-addr.arpa", "PTR"), ["example.org"]);
  assert.deepEqual(await ask("www.example.org", "A"), ["192.0.2.1", "192.0.2.2"]);
  assert.equal(await ask("example.org", "PTR"), "no-record");
  assert.equal(await ask("missing.example.org", "A"), "no-name");
});

test("what is no name is not sent", async (t) => {
  const { ask, server } = await startSite(t, []);
  for (const name of ["", ".", "a..b", `${"x".repeat(64)}.org`, "a b.org", "\u00fc.org"]) {
    assert.equal(await ask(name, "A"), "no-name");
  }
  assert.equal(server.asked.length, 0);
});

test("an answer is kept for its time, a negative one too", async (t) => {
  const { ask, pass, server } = await startSite(t, ["example.org A 192.0.2.1"]);
  for (const expected of [1, 1]) {
    await ask("example.org", "A");
    assert.equal(countOf(server), expected);
  }
  for (const expected of [2, 2]) {
    assert.equal(await ask("missing.example.org", "A"), "no-name");
    assert.equal(countOf(server), expected);
  }
  pass(60_000);
  await ask("missing.example.org", "A");
  assert.equal(countOf(server), 3, "a minute is what the zone says of negative answers");
  pass(240_000);
  await ask("example.org", "A");
  assert.equal(countOf(server), 4);
});

test("a failure is kept for a moment", async (t) => {
  const { ask, pass, server } = await startSite(t, ["example.org A !SERVFAIL"]);
  assert.equal(await ask("example.org", "A"), "failed: SERVFAIL");
  assert.equal(await ask("example.org", "A"), "failed: SERVFAIL");
  assert.equal(countOf(server), 1);
  pass(5_000);
  server.serve(["example.org A 192.0.2.1"]);
  assert.deepEqual(await ask("example.org", "A"), ["192.0.2.1"]);
});

test("who asks the same at the same time waits for one query", async (t) => {
  const { ask, server } = await startSite(t, ["example.org A 192.0.2.1"]);
  const answers = await Promise.all(Array.from({ length: 50 }, () => ask("example.org", "A")));
  assert.deepEqual(new Set(answers.map(String)), new Set(["192.0.2.1"]));
  assert.equal(countOf(server), 1);
});

test("the deadline of the task ends the waiting, of this task only", async (t) => {
  let let_go = () => {};
  const held = new Promise<void>((resolve) => {
    let_go = resolve;
  });
  const reply: ZoneServerOptions["reply"] = async (_, usual) => held.then(() => usual);
  const { ask, resolver } = await startSite(t, ["example.org A 192.0.2.1"], { reply });
  const controller = new AbortController();
  const hurried = resolver.dnsFor(task(controller.signal)).query("example.org", "A");
  const patient = ask("example.org", "A");
  controller.abort();
  assert.equal(short(await hurried), "failed: deadline");
  assert.equal(short(await resolver.dnsFor(task(controller.signal)).query("example.org", "A")), "failed: deadline");
  let_go();
  assert.deepEqual(await patient, ["192.0.2.1"]);
});

test("a check and a task have limits, and what is above them is a failure", async (t) => {
  const server = await zoneServerFor(t, { zone: ["*.org A 192.0.2.1"] });
  const config = configOf(
    optionsConfig,
    `options { dns_max_requests = 3; dns { nameserver = "${server.address}"; max_requests_task = 5 } }`,
  );
  const resolver = openResolver({ config, log: silent });
  t.after(() => resolver.close());
  const one = task();
  const checks = [resolver.dnsFor(one), resolver.dnsFor(one), resolver.dnsFor(task())];
  const answers: string[] = [];
  for (const check of checks) {
    for (let at = 0; at < 4; at++) answers.push((await check.query(`${at}.org`, "A")).status);
  }
  const [ok, over] = ["found", "failed"];
  assert.deepEqual(answers, [ok, ok, ok, over, ok, over, over, over, ok, ok, ok, over]);
  assert.equal(short(await resolver.dnsFor(one).query("0.org", "A")), "failed: too many queries");
  const counts = ({ use: { queries, cached, failed } }: MeasuredDns) => ({ queries, cached, failed });
  assert.deepEqual(checks.slice(0, 2).map(counts), [
    { queries: 4, cached: 0, failed: 1 },
    { queries: 4, cached: 1, failed: 3 },
  ]);
  const events = checks[1]?.use.events.map(({ name, type, status, waited }) => [name, type, status, waited > 0]);
  assert.deepEqual(events, [
    ["0.org", "A", ok, false],
    ["1.org", "A", over, false],
    ["2.org", "A", over, false],
    ["3.org", "A", over, false],
  ]);
  assert.ok((checks[0]?.use.events[0]?.waited ?? 0) > 0);
});

test("the AD bit is asked for and believed only where the site says so", async (t) => {
  const zone = ["example.org A 192.0.2.1", "example.org * !SECURE", "plain.org A 192.0.2.2"];
  const server = await zoneServerFor(t, { zone });
  const secure = async (keys: string, name: string) => {
    const resolver = resolverFor(t, `nameserver = "${server.address}"; ${keys}`);
    const answer = await resolver.dnsFor(task()).query(name, "A");
    return answer.status === "found" && answer.secure;
  };
  assert.equal(await secure("enable_dnssec = yes", "example.org"), true);
  assert.equal(await secure("enable_dnssec = yes", "plain.org"), false);
  assert.equal(await secure("", "example.org"), false);
});

test("without a name server every query fails, and it is said once", async (t) => {
  const said: unknown[] = [];
  const log = { warn: (text: string) => said.push(text) } as unknown as typeof silent;
  const resolver = resolverFor(t, "", { log });
  const ask: Ask = async (name, type) => short(await resolver.dnsFor(task()).query(name, type));
  assert.equal(await ask("a.org", "A"), "failed: no name server");
  assert.equal(await ask("b.org", "A"), "failed: no name server");
  assert.equal(said.length, 1);
});

test("a change of the configuration takes effect, and what other servers said is forgotten", async (t) => {
  const [one, two] = [
    await zoneServerFor(t, { zone: ["a.org A 192.0.2.1"] }),
    await zoneServerFor(t, { zone: ["a.org A 192.0.2.2"] }),
  ];
  const valuesFor = (address: string) => {
    const config = configOf(optionsConfig, `options { dns { nameserver = "${address}" } }`);
    return { options: config.get(optionsConfig).options };
  };
  const held = holdValues(optionsConfig, valuesFor(one.address));
  const config: LiveConfig = held.config;
  const resolver = openResolver({ config, log: silent });
  t.after(() => resolver.close());
  const ask: Ask = async (name, type) => short(await resolver.dnsFor(task()).query(name, type));
  assert.deepEqual(await ask("a.org", "A"), ["192.0.2.1"]);
  held.replace(valuesFor(one.address));
  await ask("a.org", "A");
  assert.equal(countOf(one), 1, "the same servers: what they said holds");
  held.replace(valuesFor(two.address));
  assert.deepEqual(await ask("a.org", "A"), ["192.0.2.2"]);
});

test("at its end whoever waits is told", async (t) => {
  const { resolver, ask } = await startSite(t, ["a.org A !TIMEOUT"]);
  const waiting = ask("a.org", "A");
  await new Promise(setImmediate);
  resolver.close();
  assert.equal(await waiting, "failed: closed");
});

test("records cannot be changed by who gets them", async (t) => {
  const { resolver } = await startSite(t, ["a.org MX 1 mail.org"]);
  const answer = await resolver.dnsFor(task()).query("a.org", "MX");
  assert.ok(answer.status === "found");
  assert.ok(Object.isFrozen(answer.records) && Object.isFrozen(answer.records[0]));
});

test("configuration names what is wrong with it", () => {
  const wrong = (keys: string) => () => configOf(optionsConfig, `options { dns { ${keys} } }`);
  assert.throws(wrong(`nameserver = "127.0.0.1:99999"`), /99999 is no port/);
  assert.throws(wrong(`nameserver = ["/run/dns"]`), /it takes a host/);
  assert.throws(wrong("nameserver = [1]"), /list of host/);
  assert.throws(wrong("timeout = 1ms"), /timeout/);
});
