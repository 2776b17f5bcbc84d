import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { connect, headers, type MsgHdrs } from "@nats-io/transport-node";
import { type NatsServer, startNats } from "../../test/servers/nats.ts";
import { busConformance } from "./conformance.ts";
import { type NatsBus, openNatsBus } from "./nats.ts";

busConformance("NATS", async () => {
  const server = await startNats();
  return { bus: () => openNatsBus({ servers: [server.address], name: "conformance" }), close: () => server.close() };
});

const soon = () => ({ deadline: Date.now() + 10_000 });
const echo = { name: "echo" };

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("NATS: what only a bus with a broker has", () => {
  let server: NatsServer;
  let one: NatsBus;
  let other: NatsBus;
  const open = (prefix = "sluice") => openNatsBus({ servers: [server.address], name: "test", prefix });

  before(async () => {
    server = await startNats({ maxPayload: 100_000 });
    one = await open();
    other = await open();
  });
  after(async () => {
    await one?.close();
    await other?.close();
    await server?.close();
  });

  test("a question or an answer beyond max_payload is `too-large`, and hurts nothing else", async () => {
    const grow = { name: "grow" };
    const serving = await one.serve<{ size: number }, Uint8Array>(grow, { slots: 4 }, async ({ size }) => {
      return new Uint8Array(size);
    });
    const tooLarge = { code: "too-large", message: /max_payload/ };
    await assert.rejects(other.ask(grow, { raw: new Uint8Array(100_000) }, soon()), tooLarge);
    await assert.rejects(other.ask(grow, { facts: { raw: new Uint8Array(99_990) } }, soon()), tooLarge);
    await assert.rejects(other.ask(grow, { size: 100_001 }, soon()), tooLarge);
    assert.deepEqual(await other.ask(grow, { size: 90_000 }, soon()), new Uint8Array(90_000));
    const dropped = other.dropped;
    other.publish({ name: "large" }, new Uint8Array(100_001));
    assert.equal(other.dropped, dropped + 1);
    await serving.stop();
  });

  test("an outage: asks fail at once, events are counted, and all goes on after it", async () => {
    const heard: string[] = [];
    const serving = await one.serve(echo, { slots: 4 }, async (question) => question);
    const stuck = await one.serve({ name: "stuck" }, { slots: 4 }, () => new Promise(() => {}));
    const listening = await one.subscribe<string>({ name: "news" }, (event) => heard.push(event));
    const atWork = other.ask({ name: "stuck" }, null, soon());
    atWork.catch(() => {});
    await server.kill();
    await assert.rejects(atWork, { code: "unavailable" });
    await until(() => !one.connected && !other.connected);
    await assert.rejects(other.ask(echo, 1, soon()), { code: "unavailable" });
    const dropped = other.dropped;
    other.publish({ name: "news" }, "lost");
    assert.equal(other.dropped, dropped + 1);
    await server.restart();
    await until(() => one.connected && other.connected);
    // The one may still be on its way to subscribe again.
    await until(async () => (await other.ask(echo, 2, soon()).catch(() => 0)) === 2);
    await until(() => {
      other.publish({ name: "news" }, "heard");
      return heard.includes("heard");
    });
    assert.ok(!heard.includes("lost"));
    await serving.stop();
    await listening.stop();
    void stuck.stop();
  });

  test("closing during an outage ends", async () => {
    const bus = await open();
    await bus.serve({ name: "outage" }, { slots: 1 }, async (n) => n);
    await server.kill();
    await until(() => !bus.connected);
    await bus.close();
    await server.restart();
    await until(() => one.connected && other.connected);
  });

  test("a process that is killed costs the question it had; the next ones go to another", async () => {
    const child = fork(new URL("nats-victim.ts", import.meta.url), [server.address]);
    await new Promise((resolve) => child.once("message", resolve));
    const begun = new Promise((resolve) => child.once("message", resolve));
    const lost = other.ask({ name: "victim" }, "stuck", { deadline: Date.now() + 1000 });
    lost.catch(() => {});
    await begun;
    const serving = await one.serve({ name: "victim" }, { slots: 4 }, async () => "survivor");
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
    await assert.rejects(lost, { code: "late" });
    for (let i = 0; i < 20; i++) assert.equal(await other.ask({ name: "victim" }, "next", soon()), "survivor");
    await serving.stop();
  });

  test("installations with another prefix do not meet", async () => {
    const stranger = await open("elsewhere");
    const serving = await one.serve({ name: "mine" }, { slots: 1 }, async () => 1);
    await assert.rejects(stranger.ask({ name: "mine" }, null, soon()), { code: "nobody" });
    await serving.stop();
    await stranger.close();
  });

  test("a name that is no subject is refused", async () => {
    for (const name of ["", "a b", "a.*", ">", "a..b", "a\r\nPUB x 0"]) {
      await assert.rejects(one.ask({ name }, null, soon()), { code: "failed" });
      await assert.rejects(
        one.serve({ name }, { slots: 1 }, async () => 1),
        { code: "failed" },
      );
    }
  });

  test("a trace that is none does not become a header", async () => {
    const serving = await one.serve({ name: "trace" }, { slots: 1 }, async (_, { trace }) => String(trace));
    for (const trace of ["a\r\nSluice-Deadline: 0", "x".repeat(201), ""]) {
      assert.equal(await other.ask({ name: "trace" }, null, { ...soon(), trace }), "undefined");
    }
    await serving.stop();
  });

  test("garbage on a subject is answered with a fault, or not at all", async () => {
    const seen: unknown[] = [];
    const serving = await one.serve({ name: "sane" }, { slots: 1 }, async (question) => seen.push(question));
    const listening = await one.subscribe({ name: "sane" }, (event) => seen.push(event));
    const raw = await connect({ servers: server.address });
    const head = headers();
    head.set("Sluice-Deadline", String(Date.now() + 10_000));
    const garbage = Buffer.from("ddffffffff", "hex");
    const faultOf = async (options: { headers?: MsgHdrs }) =>
      (await raw.request("sluice.ask.sane", garbage, { timeout: 5000, ...options })).headers?.get("Sluice-Fault");
    assert.equal(await faultOf({ headers: head }), "bad-input");
    assert.equal(await faultOf({}), "bad-input");
    raw.publish("sluice.ask.sane", garbage);
    raw.publish("sluice.event.sane", garbage);
    await raw.flush();
    await raw.close();
    assert.equal(await other.ask({ name: "sane" }, "sane", soon()), 1);
    assert.deepEqual(seen, ["sane"]);
    await serving.stop();
    await listening.stop();
  });

  test("an address of something else: `bad-config` at once", async () => {
    const opening = openNatsBus({ servers: ["nats://127.0.0.1:1", "http://127.0.0.1:1"], name: "test" });
    await assert.rejects(opening, { code: "bad-config", message: /^http:/ });
  });

  test("no server: `unavailable`, after the patience that was given", async () => {
    const opening = openNatsBus({ servers: ["127.0.0.1:1"], name: "test", patience: 0 });
    await assert.rejects(opening, { code: "unavailable" });
  });
});
