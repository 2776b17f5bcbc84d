// What every driver must do with instances that are busy, late, ending or dead. Part of `busConformance`.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Call } from "./bus.ts";
import { type Clients, codeOf, fails, openGate, soon, stopAll, subject } from "./conformance-steps.ts";

export function slotConformance(given: () => Clients): void {
  test("a full instance answers busy, and what it took is answered", async () => {
    const { asker, server } = given();
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
    const { asker, server } = given();
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
    const { asker, server } = given();
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
    const { asker, server } = given();
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
    const { asker, server } = given();
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
    const { asker, server } = given();
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

  test("stop takes no more and answers all that it took", async () => {
    const { asker, server } = given();
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
    const { asker, server } = given();
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
}
