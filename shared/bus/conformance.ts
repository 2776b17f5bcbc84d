// What every driver of the bus must do. A driver's test calls `busConformance` and adds only what is its own.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Fault } from "../fault.ts";
import type { Bus } from "./bus.ts";
import { eventConformance } from "./conformance-events.ts";
import { slotConformance } from "./conformance-slots.ts";
import { fails, openGate, soon, stopAll, subject, topic } from "./conformance-steps.ts";
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

    slotConformance(() => ({ asker, server }));
    eventConformance(() => ({ asker, server }));
  });
}
