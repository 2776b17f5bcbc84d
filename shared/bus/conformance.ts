// What every driver of the bus must do. A driver's test calls `busConformance` and adds only what is its own.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Fault, type FaultCode } from "../fault.ts";
import type { AskOptions, Bus, Call, Serving, Subject, Topic } from "./bus.ts";
import { bytes, plainValues } from "./conformance-values.ts";

export interface BusWorld {
  /** A further client of the same bus; in one process it may be the same one. Closed by the suite. */
  bus(): Promise<Bus>;
  close(): Promise<void>;
}

/** Registers the tests. `open` is called once and its world serves them all. */
export function busConformance(name: string, open: () => Promise<BusWorld>): void {
  describe(`bus: ${name}`, () => {
    let world: BusWorld;
    let asker: Bus;
    let server: Bus;
    let serial = 0;

    before(async () => {
      world = await open();
      asker = await world.bus();
      server = await world.bus();
    });
    after(async () => {
      await asker?.close();
      await server?.close();
      await world?.close();
    });

    // A name of its own for each test: a straggler of one must not answer for another.
    function subject<Question, Answer>(): Subject<Question, Answer> {
      return { name: `test-${process.pid}-${++serial}` };
    }
    function topic<Event>(): Topic<Event> {
      return { name: `test-${process.pid}-${++serial}` };
    }

    test("a question is answered", async () => {
      const double = subject<{ n: number }, { twice: number }>();
      const serving = await server.serve(double, { slots: 4 }, async ({ n }) => ({ twice: 2 * n }));
      assert.deepEqual(await asker.ask(double, { n: 21 }, soon()), { twice: 42 });
      await serving.stop();
    });

    test("plain data arrives as it was sent", async () => {
      const echo = subject<unknown, unknown>();
      const serving = await server.serve(echo, { slots: 4 }, async (question) => question);
      for (const value of plainValues()) assert.deepEqual(await asker.ask(echo, value, soon()), value);
      const { there, gone } = (await asker.ask(echo, { there: 1, gone: undefined }, soon())) as Record<string, unknown>;
      assert.deepEqual([there, gone], [1, undefined]);
      await serving.stop();
    });

    test("facts travel in many questions", async () => {
      const facts = { raw: bytes(70_000), urls: [{ host: "example.org", count: 2 }], subject: "Grüße", none: null };
      const inspect = subject<{ id: number; facts: Partial<typeof facts> }, unknown>();
      const serving = await server.serve(inspect, { slots: 8 }, async (question) => question);
      const ask = (id: number, of: Partial<typeof facts>) => asker.ask(inspect, { id, facts: of }, soon());
      const { raw, urls } = facts;
      assert.deepEqual(await ask(1, facts), { id: 1, facts });
      assert.deepEqual(await ask(2, { raw, urls }), { id: 2, facts: { raw, urls } });
      assert.deepEqual(await ask(3, { urls }), { id: 3, facts: { urls } });
      assert.deepEqual(await ask(4, {}), { id: 4, facts: {} });
      await serving.stop();
    });

    test("1,000 questions at once get each its own answer", async () => {
      const echo = subject<number, number>();
      const serving = await server.serve(echo, { slots: 1000 }, async (n) => n);
      const numbers = Array.from({ length: 1000 }, (_, i) => i);
      assert.deepEqual(await Promise.all(numbers.map((n) => asker.ask(echo, n, soon()))), numbers);
      await serving.stop();
    });

    test("instances of a subject share the work", async () => {
      const who = subject<null, number>();
      const other = await world.bus();
      const servings = [
        await server.serve(who, { slots: 100 }, async () => 1),
        await other.serve(who, { slots: 100 }, async () => 2),
      ];
      const answers = await Promise.all(Array.from({ length: 60 }, () => asker.ask(who, null, soon())));
      assert.deepEqual(new Set(answers), new Set([1, 2]));
      await stopAll(servings);
      if (other !== asker && other !== server) await other.close();
    });

    test("nobody", async () => {
      await fails("nobody", asker.ask(subject<null, null>(), null, soon()));
    });

    test("an instance that has stopped is asked no more", async () => {
      const who = subject<null, number>();
      const first = await server.serve(who, { slots: 9 }, async () => 1);
      const second = await server.serve(who, { slots: 9 }, async () => 2);
      await first.stop();
      for (let i = 0; i < 20; i++) assert.equal(await asker.ask(who, null, soon()), 2);
      await second.stop();
      await fails("nobody", asker.ask(who, null, soon()));
    });

    test("a full instance answers busy, and what it took is answered", async () => {
      const slow = subject<number, number>();
      const gate = openGate();
      const serving = await server.serve(slow, { slots: 3 }, (n) => gate.opens.then(() => n));
      // Three at work and three waiting; only the seventh can come back before the gate opens.
      const asked = Array.from({ length: 7 }, (_, n) => asker.ask(slow, n, soon()));
      await fails("busy", Promise.race(asked));
      gate.open();
      const outcomes = await Promise.allSettled(asked);
      assert.equal(outcomes.filter((outcome) => outcome.status === "fulfilled").length, 6);
      assert.equal(await asker.ask(slow, 8, soon()), 8);
      await serving.stop();
    });

    test("busy leads to another instance", async () => {
      const who = subject<string, string>();
      const gate = openGate();
      const stuck = await server.serve(who, { slots: 1 }, (q) => gate.opens.then(() => q));
      const filling = [asker.ask(who, "at work", soon()), asker.ask(who, "waiting", soon())];
      await fails("busy", asker.ask(who, "", soon()));
      const free = await server.serve(who, { slots: 9 }, async () => "free");
      let answered = 0;
      for (let i = 0; i < 100; i++) {
        const answer = await asker.ask(who, "", soon()).catch((thrown) => thrown);
        if (answer === "free") answered++;
        else assert.equal(answer.code, "busy");
      }
      // A driver that chooses by chance and asks once finds the free one in half of the cases.
      assert.ok(answered >= 70, `${answered} of 100 found the free instance`);
      gate.open();
      await Promise.all(filling);
      await stopAll([stuck, free]);
    });

    test("a late answer: the asker is told `late`, the handler by its signal", async () => {
      const stuck = subject<null, string>();
      const told = openGate<unknown>();
      let isRead = false;
      const serving = await server.serve(stuck, { slots: 1 }, async (_, { signal }) => {
        isRead = true;
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
        told.open(signal.reason);
        return "too late";
      });
      // One that comes too late is dropped unread.
      while (!isRead) await fails("late", asker.ask(stuck, null, { deadline: Date.now() + 60 }));
      assert.equal(codeOf(await told.opens), "late");
      await serving.stop();
    });

    test("a signal that is first looked at after the deadline has fired", async () => {
      const stuck = subject<null, null>();
      const told = openGate<boolean>();
      const gate = openGate();
      let isRead = false;
      const serving = await server.serve(stuck, { slots: 1 }, async (_, call: Call) => {
        isRead = true;
        while (Date.now() <= call.deadline) await new Promise((resolve) => setTimeout(resolve, 5));
        told.open(call.signal.aborted);
        await gate.opens;
        return null;
      });
      while (!isRead) await fails("late", asker.ask(stuck, null, { deadline: Date.now() + 60 }));
      assert.equal(await told.opens, true);
      gate.open();
      await serving.stop();
    });

    test("a question whose deadline has passed is dropped unread", async () => {
      const slow = subject<string, string>();
      const gate = openGate();
      const read: string[] = [];
      const serving = await server.serve(slow, { slots: 1 }, async (question) => {
        read.push(question);
        await gate.opens;
        return question;
      });
      const first = asker.ask(slow, "first", soon());
      await fails("late", asker.ask(slow, "waits in vain", { deadline: Date.now() + 60 }));
      await fails("late", asker.ask(slow, "was late when asked", { deadline: Date.now() - 1 }));
      await fails("late", asker.ask(slow, "has no deadline", { deadline: Number.NaN }));
      gate.open();
      assert.equal(await first, "first");
      assert.equal(await asker.ask(slow, "last", soon()), "last");
      assert.deepEqual(read, ["first", "last"]);
      await serving.stop();
    });

    test("one that waits in vain gives its place to the next", async () => {
      const slow = subject<number, number>();
      const gate = openGate();
      const serving = await server.serve(slow, { slots: 1 }, (n) => gate.opens.then(() => n));
      const first = asker.ask(slow, 1, soon());
      await fails("late", asker.ask(slow, 2, { deadline: Date.now() + 60 }));
      // The server's clock may be a moment behind the asker's.
      await new Promise((resolve) => setTimeout(resolve, 50));
      const asked = [asker.ask(slow, 3, soon()), asker.ask(slow, 4, soon())];
      await fails("busy", Promise.race(asked));
      gate.open();
      const outcomes = await Promise.allSettled(asked);
      assert.equal(outcomes.filter((outcome) => outcome.status === "fulfilled").length, 1);
      assert.equal(await first, 1);
      await serving.stop();
    });

    test("deadline, trace and wait reach the handler", async () => {
      const tell = subject<null, unknown>();
      const serving = await server.serve(tell, { slots: 1 }, async (_, { deadline, trace, waited, signal }) => {
        return { deadline, trace, waited, aborted: signal.aborted };
      });
      const deadline = Date.now() + 10_000;
      const trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
      const told = (await asker.ask(tell, null, { deadline, trace })) as Record<string, unknown>;
      // Over a network it is the same but for the way there.
      assert.ok(Math.abs(Number(told.deadline) - deadline) < 10_000);
      assert.deepEqual([told.trace, told.aborted], [trace, false]);
      assert.ok(typeof told.waited === "number" && told.waited >= 0);
      const bare = (await asker.ask(tell, null, { deadline })) as Record<string, unknown>;
      assert.equal(bare.trace, undefined);
      await serving.stop();
    });

    test("a handler's fault comes back; anything else it throws is `failed`", async () => {
      const fail = subject<string, null>();
      const serving = await server.serve(fail, { slots: 9 }, (what): Promise<null> => {
        if (what === "fault") throw new Fault("too-large", "that is too much, ä");
        if (what === "at once") throw new TypeError("no such thing");
        return Promise.reject(what === "later" ? new Error("later\nand a second line") : "a string");
      });
      await fails("too-large", asker.ask(fail, "fault", soon()), /^that is too much, ä$/);
      await fails("failed", asker.ask(fail, "at once", soon()), /no such thing/);
      await fails("failed", asker.ask(fail, "later", soon()), /later/);
      await fails("failed", asker.ask(fail, "string", soon()), /a string/);
      await serving.stop();
    });

    test("stop takes no more and answers all that it took", async () => {
      const slow = subject<number, number>();
      const gate = openGate();
      const serving = await server.serve(slow, { slots: 10 }, (n) => gate.opens.then(() => n));
      const asked = Array.from({ length: 21 }, (_, n) => asker.ask(slow, n, soon()));
      // One is refused: so ten are at work and ten wait.
      await fails("busy", Promise.race(asked));
      let stopped = false;
      const stopping = serving.stop().then(() => {
        stopped = true;
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(stopped, false);
      gate.open();
      const outcomes = await Promise.allSettled(asked);
      assert.equal(outcomes.filter((outcome) => outcome.status === "fulfilled").length, 20);
      await stopping;
      await serving.stop();
      await fails("nobody", asker.ask(slow, 1, soon()));
    });

    test("an instance that dies costs the question it had, not the next one", async () => {
      const work = subject<null, string>();
      const dead = await server.serve(work, { slots: 1 }, () => new Promise<string>(() => {}));
      await fails("late", asker.ask(work, null, { deadline: Date.now() + 60 }));
      const alive = await server.serve(work, { slots: 4 }, async () => "alive");
      let answered = 0;
      for (let i = 0; i < 20 && answered === 0; i++) {
        const answer = await asker.ask(work, null, { deadline: Date.now() + 200 }).catch(codeOf);
        if (answer === "alive") answered++;
        else assert.equal(answer, "late");
      }
      assert.equal(answered, 1);
      await stopAll([alive, dead]);
    });

    test("an event reaches every subscriber, in order, and none that has stopped", async () => {
      const news = topic<{ n: number }>();
      const heard: string[] = [];
      const all = openGate();
      const listen = (who: string) => (event: { n: number }) => {
        heard.push(`${who}${event.n}`);
        if (heard.filter((line) => line.endsWith("3")).length === 2) all.open();
      };
      const servings = [await server.subscribe(news, listen("a")), await asker.subscribe(news, listen("b"))];
      const quit = await server.subscribe(news, listen("c"));
      await quit.stop();
      for (const n of [1, 2, 3]) asker.publish(news, { n });
      await all.opens;
      assert.deepEqual(heard.sort(), ["a1", "a2", "a3", "b1", "b2", "b3"]);
      await stopAll(servings);
    });

    test("an event to nobody is no fault", () => {
      asker.publish(topic<string>(), "into the void");
    });

    test("a subscriber that throws hurts nobody", async () => {
      const news = topic<string>();
      const heard = openGate<string>();
      const servings = [
        await server.subscribe(news, () => {
          throw new Error("thrown by a subscriber");
        }),
        await server.subscribe(news, async () => {
          throw new Error("rejected by a subscriber");
        }),
        await server.subscribe(news, (event) => {
          if (event === "second") heard.open(event);
        }),
      ];
      asker.publish(news, "first");
      asker.publish(news, "second");
      assert.equal(await heard.opens, "second");
      await stopAll(servings);
    });

    test("closing answers what is at work; then the bus answers `closed`, and closing again is no fault", async () => {
      const own = await open();
      const bus = await own.bus();
      const echo = subject<number, number>();
      const [gate, begun] = [openGate(), openGate()];
      await bus.serve(echo, { slots: 2 }, (n) => {
        begun.open();
        return gate.opens.then(() => n);
      });
      const client = await own.bus();
      const asked = client.ask(echo, 7, soon());
      await begun.opens;
      const closing = bus.close();
      setTimeout(gate.open, 50);
      assert.equal(await asked, 7);
      await closing;
      await bus.close();
      await fails("closed", bus.ask(echo, 1, soon()));
      await fails(
        "closed",
        bus.serve(echo, { slots: 1 }, async (n) => n),
      );
      await fails(
        "closed",
        bus.subscribe(topic<null>(), () => {}),
      );
      bus.publish(topic<null>(), null);
      await client.close();
      await own.close();
    });
  });
}

function soon(): AskOptions {
  return { deadline: Date.now() + 10_000 };
}

async function fails(code: FaultCode, promise: Promise<unknown>, message = /./): Promise<void> {
  await assert.rejects(promise, (thrown) => {
    assert.ok(thrown instanceof Fault, `no fault: ${thrown}`);
    assert.equal(thrown.code, code, thrown.message);
    assert.match(thrown.message, message);
    return true;
  });
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Fault ? thrown.code : String(thrown);
}

async function stopAll(servings: readonly Serving[]): Promise<void> {
  for (const serving of servings) await serving.stop();
}

interface Gate<Value> {
  readonly opens: Promise<Value>;
  open(value: Value): void;
}

function openGate<Value = void>(): Gate<Value> {
  const { promise, resolve } = Promise.withResolvers<Value>();
  return { opens: promise, open: resolve };
}
