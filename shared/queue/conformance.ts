// What every driver of the queue must do. A driver's test calls `queueConformance` and adds only what is its own.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Fault } from "../fault.ts";
import type { Attempt, Jobs, Queue } from "./queue.ts";
import { payloadLimit } from "./queue.ts";

export interface QueueWorld {
  /** A further client of the same queue. Closed by the suite. */
  queue(): Promise<Queue>;
  /** Lets so many ms pass, on the queue's clock or really. */
  pass(ms: number): Promise<void>;
  /** Now, on the same clock. */
  now(): number;
  /** ms that a test waits for what comes later: long on a clock that leaps, short on the real one. */
  readonly moment: number;
  close(): Promise<void>;
}

/**
 * Registers the tests. `open` is called once and its world serves them all; where nobody's time leaps, `concurrency` lets
 * them wait together.
 */
export function queueConformance(name: string, open: () => Promise<QueueWorld>, concurrency = false): void {
  describe(`queue: ${name}`, { concurrency }, () => {
    let world: QueueWorld;
    let queue: Queue;
    let other: Queue;
    let serial = 0;

    before(async () => {
      world = await open();
      queue = await world.queue();
      other = await world.queue();
    });
    after(async () => {
      await queue?.close();
      await other?.close();
      await world?.close();
    });

    function jobs<Payload>(): Jobs<Payload> {
      return { name: `test-${process.pid}-${++serial}` };
    }
    const passUntil = async (condition: () => Promise<boolean>) => {
      while (!(await condition())) await world.pass(world.moment / 20);
    };
    const settled = async (of: Jobs<never>) => {
      await until(async () => {
        const { waiting, atWork } = await queue.count(of);
        return waiting + atWork === 0;
      });
    };

    test("a job is done once, in order of adding, with the payload that was added", async () => {
      const learn = jobs<{ n: number; raw: Uint8Array }>();
      const payloads = [1, 2, 3].map((n) => ({ n, raw: Uint8Array.of(n, 255) }));
      for (const payload of payloads) assert.equal(await queue.add(learn, payload), true);
      assert.deepEqual(await other.count(learn), { waiting: 3, delayed: 0, atWork: 0, dead: 0 });
      const done: unknown[] = [];
      const working = await other.work(learn, { slots: 1 }, async (payload) => done.push(payload));
      await settled(learn);
      assert.deepEqual(done, payloads);
      await queue.add(learn, { n: 4, raw: Uint8Array.of() });
      await until(async () => done.length === 4);
      await working.stop();
      assert.deepEqual(await queue.count(learn), { waiting: 0, delayed: 0, atWork: 0, dead: 0 });
    });

    test("many workers, each job once", async () => {
      const learn = jobs<number>();
      const done: number[] = [];
      const work = async (n: number) => {
        await new Promise((resolve) => setTimeout(resolve, n % 3));
        done.push(n);
      };
      const working = [await queue.work(learn, { slots: 3 }, work), await other.work(learn, { slots: 3 }, work)];
      const numbers = Array.from({ length: 100 }, (_, i) => i);
      await Promise.all(numbers.map((n) => (n % 2 === 0 ? queue : other).add(learn, n)));
      await settled(learn);
      for (const worker of working) await worker.stop();
      assert.deepEqual(
        done.sort((a, b) => a - b),
        numbers,
      );
    });

    test("no more at work at once than there are slots", async () => {
      const learn = jobs<number>();
      let [atWork, most] = [0, 0];
      for (let n = 0; n < 12; n++) await queue.add(learn, n);
      const working = await queue.work(learn, { slots: 3 }, async () => {
        most = Math.max(most, ++atWork);
        await new Promise((resolve) => setTimeout(resolve, 5));
        atWork--;
      });
      await settled(learn);
      await working.stop();
      assert.equal(most, 3);
    });

    test("the same key while pending is one job; when it is done it is a new one", async () => {
      const train = jobs<string>();
      assert.equal(await queue.add(train, "first", { key: "net" }), true);
      assert.equal(await other.add(train, "second", { key: "net" }), false);
      assert.equal(await other.add(train, "another", { key: "set" }), true);
      const done: string[] = [];
      let duringWork: boolean | undefined;
      const working = await queue.work(train, { slots: 1 }, async (payload) => {
        if (payload === "first") duringWork = await other.add(train, "meanwhile", { key: "net" });
        done.push(payload);
      });
      await settled(train);
      assert.equal(duringWork, false);
      assert.equal(await queue.add(train, "third", { key: "net" }), true);
      await settled(train);
      await working.stop();
      assert.deepEqual(done, ["first", "another", "third"]);
    });

    test("of many who add one key at once one wins", async () => {
      const train = jobs<number>();
      const added = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? queue : other).add(train, n, { key: "k" }));
      assert.equal((await Promise.all(added)).filter(Boolean).length, 1);
      assert.equal((await queue.count(train)).waiting, 1);
    });

    test("a delayed job waits for its time", async () => {
      const later = jobs<string>();
      const done: { payload: string; at: number }[] = [];
      const working = await queue.work(later, { slots: 1 }, async (payload) => done.push({ payload, at: world.now() }));
      const added = world.now();
      await queue.add(later, "later", { delay: world.moment });
      assert.deepEqual(await queue.count(later), { waiting: 0, delayed: 1, atWork: 0, dead: 0 });
      await queue.add(later, "now");
      await passUntil(async () => done.length === 2);
      await working.stop();
      assert.deepEqual(
        done.map(({ payload }) => payload),
        ["now", "later"],
      );
      assert.ok((done[1]?.at ?? 0) - added >= world.moment);
    });

    test("a failed job is tried again, each time after twice as long, and then it is dead", async () => {
      const learn = jobs<string>();
      const attempts: { attempt: number; at: number }[] = [];
      const backoff = world.moment / 2;
      const work = async (_: string, { attempt }: Attempt) => {
        attempts.push({ attempt, at: world.now() });
        throw new Error(`attempt ${attempt} failed`);
      };
      const working = await queue.work(learn, { slots: 1, attempts: 3, backoff }, work);
      await queue.add(learn, "payload", { key: "k" });
      await until(async () => attempts.length >= 1);
      assert.equal(await queue.add(learn, "again", { key: "k" }), false);
      await passUntil(async () => (await queue.count(learn)).dead === 1);
      assert.deepEqual(
        attempts.map(({ attempt }) => attempt),
        [1, 2, 3],
      );
      const [first = 0, second = 0, third = 0] = attempts.map(({ at }) => at);
      assert.ok(second - first >= backoff && third - second >= 2 * backoff, `${first}, ${second}, ${third}`);
      const [dead] = await other.dead(learn, undefined, 10);
      assert.deepEqual([dead?.payload, dead?.key, dead?.attempts], ["payload", "k", 3]);
      assert.match(dead?.fault ?? "", /attempt 3 failed/);
      assert.ok((dead?.added ?? 0) <= first && (dead?.died ?? 0) >= third);
      // The dead do not stand in the way of the living.
      assert.equal(await queue.add(learn, "new", { key: "k", delay: 1e9 }), true);
      await working.stop();
    });

    test("the dead: listed, retried, dropped", async () => {
      const learn = jobs<number>();
      let broken = true;
      const done: number[] = [];
      const working = await queue.work(learn, { slots: 4, attempts: 1 }, async (n) => {
        if (broken) throw new Error("broken");
        done.push(n);
      });
      for (const n of [1, 2, 3]) await queue.add(learn, n);
      await until(async () => (await queue.count(learn)).dead === 3);
      const first = await other.dead(learn, undefined, 2);
      assert.equal(first.length, 2);
      const rest = await other.dead(learn, first[1]?.id, 2);
      const all = [...first, ...rest];
      assert.deepEqual(
        all.map(({ payload }) => payload),
        [1, 2, 3],
      );
      broken = false;
      const [one = "", two = "", three = ""] = all.map(({ id }) => id);
      assert.equal(await other.drop(learn, two), true);
      assert.equal(await other.drop(learn, two), false);
      assert.equal(await other.retry(learn, two), false);
      for (const none of ["", "0", "no such job", `${one}0`]) {
        assert.equal(await other.retry(learn, none), false);
        assert.equal(await other.drop(learn, none), false);
      }
      assert.equal(await other.retry(learn, one), true);
      assert.equal(await queue.retry(learn, three), true);
      await until(async () => done.length === 2);
      await working.stop();
      assert.deepEqual(await queue.count(learn), { waiting: 0, delayed: 0, atWork: 0, dead: 0 });
    });

    test("a fault that is not temporary is not tried again", async () => {
      const learn = jobs<null>();
      let attempts = 0;
      const working = await queue.work(learn, { slots: 1 }, () => {
        attempts++;
        throw new Fault("bad-input", "no mail");
      });
      await queue.add(learn, null);
      await until(async () => (await queue.count(learn)).dead === 1);
      await working.stop();
      assert.equal(attempts, 1);
      assert.match((await queue.dead(learn, undefined, 1))[0]?.fault ?? "", /bad-input: no mail/);
    });

    test("an attempt that takes too long has failed, and its handler is told", async () => {
      const stuck = jobs<null>();
      let told: unknown;
      const working = await queue.work(stuck, { slots: 1, attempts: 1, patience: 50 }, (_, { signal }) => {
        signal.addEventListener("abort", () => {
          told = signal.reason;
        });
        return new Promise(() => {});
      });
      await queue.add(stuck, null);
      await until(async () => (await queue.count(stuck)).dead === 1);
      await working.stop();
      assert.ok(told instanceof Fault && told.code === "late");
    });

    test("stop finishes what is at work and takes no more", async () => {
      const learn = jobs<number>();
      const gate = Promise.withResolvers<void>();
      const begun: number[] = [];
      let finished = 0;
      const working = await queue.work(learn, { slots: 2 }, async (n) => {
        begun.push(n);
        await gate.promise;
        finished++;
      });
      for (const n of [1, 2, 3, 4]) await queue.add(learn, n);
      await until(async () => begun.length === 2);
      const stopping = working.stop();
      gate.resolve();
      await stopping;
      assert.equal(finished, 2);
      assert.deepEqual(begun, [1, 2]);
      assert.deepEqual(await other.count(learn), { waiting: 2, delayed: 0, atWork: 0, dead: 0 });
    });

    test("the dead of a key that is pending again are dropped when they are retried", async () => {
      const learn = jobs<string>();
      const working = await queue.work(learn, { slots: 1, attempts: 1 }, () => Promise.reject(new Error("broken")));
      await queue.add(learn, "first", { key: "k" });
      await until(async () => (await queue.count(learn)).dead === 1);
      await working.stop();
      await queue.add(learn, "second", { key: "k" });
      const [dead] = await queue.dead(learn, undefined, 1);
      assert.equal(await other.retry(learn, dead?.id ?? ""), true);
      assert.deepEqual(await queue.count(learn), { waiting: 1, delayed: 0, atWork: 0, dead: 0 });
    });

    test("a retried job waits with its key", async () => {
      const learn = jobs<string>();
      const done: Attempt[] = [];
      let broken = true;
      const working = await queue.work(learn, { slots: 1, attempts: 2, backoff: 1 }, async (_, attempt) => {
        if (broken) throw new Error("broken");
        done.push(attempt);
      });
      await queue.add(learn, "first", { key: "k" });
      await passUntil(async () => (await queue.count(learn)).dead === 1);
      const [dead] = await queue.dead(learn, undefined, 1);
      await working.stop();
      broken = false;
      assert.equal(await other.retry(learn, dead?.id ?? ""), true);
      assert.equal(await queue.add(learn, "second", { key: "k" }), false);
      const again = await other.work<string>(learn, { slots: 1 }, async (_, attempt) => done.push(attempt));
      await settled(learn);
      await again.stop();
      assert.deepEqual(
        done.map(({ key, attempt }) => [key, attempt]),
        [["k", 1]],
      );
    });

    test("the names of all jobs", async () => {
      const [b, a] = [jobs<null>(), jobs<null>()].reverse();
      assert.ok(a && b);
      for (const learn of [a, b]) await queue.add(learn, null);
      const names = await other.names();
      assert.deepEqual(
        names.filter((name) => name === a.name || name === b.name),
        [a.name, b.name].sort(),
      );
      assert.deepEqual(names, [...names].sort());
    });

    test("limits", async () => {
      const learn = jobs<unknown>();
      await assert.rejects(queue.add(learn, new Uint8Array(payloadLimit + 1)), { code: "too-large" });
      await assert.rejects(queue.add(learn, null, { key: "k".repeat(600) }), { code: "too-large" });
      await assert.rejects(queue.add({ name: "no name" }, null), { code: "failed" });
      assert.equal((await queue.count(learn)).waiting, 0);
    });

    test("a closed queue answers `closed`, and closing again is no fault", async () => {
      const own = await world.queue();
      const learn = jobs<number>();
      const last = own.add(learn, 1);
      await own.close();
      assert.equal(await last, true);
      await own.close();
      await assert.rejects(own.add(learn, 2), { code: "closed" });
      await assert.rejects(own.names(), { code: "closed" });
      await assert.rejects(
        own.work(learn, { slots: 1 }, async () => {}),
        { code: "closed" },
      );
      assert.equal((await queue.count(learn)).waiting, 1);
    });
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
