import assert from "node:assert/strict";
import { test } from "node:test";
import { openLocalBus } from "../../shared/bus/local.ts";
import type { Relay } from "../../shared/bus/relay.ts";
import { verdictOf } from "../../test/http/verdict.ts";
import { openRecord, type Record } from "./record.ts";
import { joinSiblings, type Siblings } from "./siblings.ts";

interface Worker {
  readonly record: Record;
  readonly siblings: Siblings;
  scan(id: string, time?: number): void;
}

/** Worker processes of one machine: what one sends all others hear, in one order. */
function openMachine() {
  const hearing = new Set<(topic: string, event: unknown) => void>();
  return async (now = 0): Promise<Worker> => {
    let own: (topic: string, event: unknown) => void = () => {};
    const relay: Relay = {
      send(topic, event) {
        // No reference crosses.
        const carried = structuredClone(event);
        for (const hear of hearing) if (hear !== own) hear(topic, carried);
      },
      listen(hear) {
        own = hear;
        hearing.add(hear);
      },
      flush() {},
    };
    const record = openRecord([], () => now);
    const siblings = await joinSiblings(openLocalBus({ relay, freeze: true }), record);
    return {
      record,
      siblings,
      scan(id, time = now) {
        record.add({ time, request: { id, envelope: { rcpts: [] } }, subject: "", verdict: verdictOf({ id }) });
        siblings.note();
      },
    };
  };
}

const idsOf = ({ history }: Record) => history.list(0, -1).map((row) => (row as { id: string }).id);
const hitsOf = ({ symbols }: Record) => symbols.list().find(({ symbol }) => symbol === "MISSING_DATE")?.hits ?? 0;
const scannedOf = ({ metrics }: Record) => /^rspamd_scanned_total (\d+)$/m.exec(metrics.registry.print())?.[1];

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((done) => setTimeout(done, 5));
}

test("each has counted what all have", { timeout: 60_000 }, async () => {
  const start = openMachine();
  const [one, other] = [await start(), await start()];
  one.scan("1", 1);
  other.scan("2", 2);
  one.scan("3", 3);
  await until(() => [one, other].every(({ record }) => record.totals.scanned === 3));
  for (const { record } of [one, other]) {
    assert.equal(scannedOf(record), "3");
    assert.equal(hitsOf(record), 3);
    assert.deepEqual(idsOf(record), ["3", "2", "1"]);
    assert.equal(record.totals.actions.get("add header"), 3);
    assert.equal(record.totals.scanTimes.filter((time) => time !== null).length, 3);
    assert.deepEqual(record.symbols.all().works, { SITE_SPF_CHECK: { total: 6.75, count: 3 } });
    assert.match(record.metrics.registry.print(), /^sluice_scan_seconds_count 3$/m);
  }
});

test("a new one is told what came before, and counts nothing twice", { timeout: 60_000 }, async () => {
  const start = openMachine();
  const [one, other] = [await start(1), await start(2)];
  one.scan("1");
  other.scan("2");
  await until(() => other.record.totals.scanned === 2 && one.record.totals.scanned === 2);
  const late = await start(3);
  // Before an answer can have come.
  late.scan("4");
  one.scan("3");
  await until(() => [one, other, late].every(({ record }) => record.totals.scanned >= 4));
  // Whatever is still on its way arrives: each tells what it has left.
  for (const { siblings } of [one, other, late]) await siblings.close();
  for (const { record } of [one, other, late]) {
    assert.deepEqual([record.totals.scanned, scannedOf(record), hitsOf(record)], [4, "4", 4]);
    assert.equal(new Set(idsOf(record)).size, 4);
  }
  assert.equal(late.record.started, 1);
});

test("what was counted before a reset is forgotten by all, and metrics never go back", {
  timeout: 60_000,
}, async () => {
  const start = openMachine();
  const [one, other] = [await start(), await start()];
  one.scan("1");
  await until(() => scannedOf(other.record) === "1");
  // One resets before the other has told.
  other.scan("2");
  one.record.reset("statistics", 10);
  one.record.reset("history", 10);
  one.scan("3");
  await until(() => scannedOf(one.record) === "3" && scannedOf(other.record) === "3");
  for (const { record } of [one, other]) {
    assert.deepEqual([record.totals.scanned, hitsOf(record)], [1, 1]);
    assert.deepEqual(idsOf(record), ["3"]);
  }
  // The same one again, as each gateway hears of it.
  other.record.reset("statistics", 10);
  assert.equal(other.record.totals.scanned, 1);
  const late = await start();
  late.scan("4");
  await until(() => late.record.totals.scanned === 2 && one.record.totals.scanned === 2);
  assert.deepEqual(idsOf(late.record).toSorted(), ["3", "4"]);
});
