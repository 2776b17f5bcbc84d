import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../../shared/fault.ts";
import { beyondDomains, collect, collectedOf, domainsOf, noteSent, wasSent } from "./collect.ts";
import { dayBefore, dayOf, readDay } from "./day.ts";
import { noon, openStore, resultOf } from "./store.testing.ts";

const limits = { max_entries: 1_000, keys_expire: 86_400_000 };
const day = dayOf(noon);

test("a day in UTC", () => {
  assert.deepEqual(day, { name: "2026-01-15", begin: 1_768_435_200, end: 1_768_521_599 });
  assert.deepEqual(dayOf(day.begin * 1000), day);
  assert.deepEqual(dayOf(day.end * 1000 + 999), day);
  assert.equal(dayBefore(noon).name, "2026-01-14");
  assert.deepEqual(readDay("2026-01-15"), day);
  assert.deepEqual(readDay("20260115"), day);
  for (const text of ["", "yesterday", "2026-02-30", "2026-13-01", "15.1.2026", "2026-0115x"]) {
    assert.throws(() => readDay(text), Fault, text);
  }
});

test("results alike are counted together, by domain and day", async (context) => {
  const store = await openStore(context);
  for (let n = 0; n < 5; n++) await collect(store, resultOf(), limits);
  await collect(store, resultOf({ row: { ip: "192.0.2.2" } }), limits);
  await collect(store, resultOf({ policyDomain: "example.com" }), limits);
  await collect(store, resultOf({ time: noon + 86_400_000 }), limits);
  assert.deepEqual(await domainsOf(store, day), ["example.com", "example.org"]);
  const { rows, ...rest } = (await collectedOf(store, day, "example.org")) ?? { rows: [] };
  const { published, addresses } = resultOf();
  assert.deepEqual(rest, { domain: "example.org", published, addresses, beyond: 0 });
  assert.deepEqual(
    rows.map(({ row, count }) => [row.ip, count]),
    [
      ["192.0.2.1", 5],
      ["192.0.2.2", 1],
    ],
  );
  assert.deepEqual(rows[0]?.row, resultOf().row);
  assert.equal(await collectedOf(store, day, "example.net"), undefined);
});

test("many at once", async (context) => {
  const store = await openStore(context);
  const results = Array.from({ length: 200 }, (_, n) => resultOf({ row: { ip: `192.0.2.${n % 4}` } }));
  await Promise.all(results.map((result) => collect(store, result, limits)));
  const collected = await collectedOf(store, day, "example.org");
  assert.deepEqual(
    collected?.rows.map(({ count }) => count),
    [50, 50, 50, 50],
  );
});

test("what the domain wants is what it said last", async (context) => {
  const store = await openStore(context);
  await collect(store, resultOf(), limits);
  await collect(store, resultOf({ addresses: [{ address: "new@example.org", limit: 10 }] }), limits);
  assert.deepEqual((await collectedOf(store, day, "example.org"))?.addresses, [
    { address: "new@example.org", limit: 10 },
  ]);
  assert.deepEqual(await domainsOf(store, day), ["example.org"]);
});

test("rows beyond the limit are counted, and those that are there go on", async (context) => {
  const store = await openStore(context);
  const few = { ...limits, max_entries: 3 };
  for (let n = 0; n < 10; n++) await collect(store, resultOf({ row: { ip: `192.0.2.${n}` } }), few);
  await collect(store, resultOf({ row: { ip: "192.0.2.0" } }), few);
  const collected = await collectedOf(store, day, "example.org");
  assert.deepEqual(collected?.rows.map(({ row, count }) => [row.ip, count]).sort(), [
    ["192.0.2.0", 2],
    ["192.0.2.1", 1],
    ["192.0.2.2", 1],
  ]);
  assert.equal(collected?.beyond, 7);
  assert.equal(await beyondDomains(store, day), 0);
});

test("a job that broke off and is done again", async (context) => {
  const store = await openStore(context);
  for (const failing of ["push", "set", "increment"] as const) {
    let fails = true;
    const broken = new Proxy(store, {
      get(target, name) {
        const method = target[name as typeof failing];
        if (name === failing && fails) return () => Promise.reject(new Fault("unavailable", "gone"));
        return typeof method === "function" ? (method as (...args: unknown[]) => unknown).bind(target) : method;
      },
    });
    const result = resultOf({ policyDomain: `${failing}.example.org` });
    await assert.rejects(() => collect(broken, result, limits), Fault);
    fails = false;
    await collect(broken, result, limits);
    const collected = await collectedOf(store, day, result.policyDomain);
    assert.deepEqual(
      collected?.rows.map(({ count }) => count),
      [1],
      failing,
    );
  }
});

test("a report that went out is remembered", async (context) => {
  const store = await openStore(context);
  assert.equal(await wasSent(store, day, "example.org"), false);
  await noteSent(store, day, "example.org", 60_000);
  assert.equal(await wasSent(store, day, "example.org"), true);
  assert.equal(await wasSent(store, dayBefore(noon), "example.org"), false);
});
