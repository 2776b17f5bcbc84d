import assert from "node:assert/strict";
import { test } from "node:test";
import { busConformance } from "./conformance.ts";
import { openLocalBus } from "./local.ts";

const open = (options: Parameters<typeof openLocalBus>[0]) => async () => {
  const bus = openLocalBus(options);
  return { bus: async () => bus, close: () => bus.close() };
};

busConformance("local", open({}));
busConformance("local, frozen", open({ freeze: true }));

const soon = () => ({ deadline: Date.now() + 10_000 });

test("by reference: nothing is copied", async () => {
  const bus = openLocalBus();
  const seen: unknown[] = [];
  await bus.serve({ name: "look" }, { slots: 1 }, async (question) => {
    seen.push(question);
    return question;
  });
  const question = { content: new Uint8Array(3) };
  assert.equal(await bus.ask({ name: "look" }, question, soon()), question);
  assert.equal(seen[0], question);
});

test("freeze: who changes what it was handed throws", async () => {
  const bus = openLocalBus({ freeze: true });
  await bus.serve<{ list: number[] }, number>({ name: "change" }, { slots: 1 }, async ({ list }) => list.push(1));
  await bus.serve<null, { list: number[] }>({ name: "answer" }, { slots: 1 }, async () => ({ list: [] }));
  await assert.rejects(bus.ask({ name: "change" }, { list: [] }, soon()), /not extensible/);
  const answer = await bus.ask<null, { list: number[] }>({ name: "answer" }, null, soon());
  assert.throws(() => answer.list.push(1), /not extensible/);
});

test("freeze: what is not plain data is refused", async () => {
  const bus = openLocalBus({ freeze: true });
  await bus.serve({ name: "echo" }, { slots: 1 }, async (question) => question);
  const loop: { self?: unknown } = {};
  loop.self = loop;
  await assert.rejects(bus.ask({ name: "echo" }, loop, soon()), { code: "failed", message: /without end/ });
  await bus.serve({ name: "bad" }, { slots: 1 }, async () => ({ at: new Date() }));
  for (const value of [() => 1, { a: [Symbol("s")] }, new Map(), { when: new Date() }, 1n, new Float64Array(1)]) {
    await assert.rejects(bus.ask({ name: "echo" }, value, soon()), { code: "failed", message: /not plain data/ });
  }
  await assert.rejects(bus.ask({ name: "bad" }, null, soon()), { code: "failed", message: /value\.at is an instance/ });
});

test("close stops the newest first: it may still ask what it needs", async () => {
  const bus = openLocalBus();
  await bus.serve<number, number>({ name: "actor" }, { slots: 1 }, async (n) => n + 1);
  const begun = Promise.withResolvers<void>();
  await bus.serve<number, number>({ name: "coordinator" }, { slots: 1 }, async (n) => {
    begun.resolve();
    await new Promise((resolve) => setTimeout(resolve, 20));
    return bus.ask<number, number>({ name: "actor" }, n, soon());
  });
  const asked = bus.ask<number, number>({ name: "coordinator" }, 1, soon());
  await begun.promise;
  await bus.close();
  assert.equal(await asked, 2);
});
