import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { connect as connectSocket } from "node:net";
import { after, before, describe, test } from "node:test";
import { connect, headers, type MsgHdrs } from "@nats-io/transport-node";
import { type NatsServer, startNats } from "../../test/servers/nats.ts";
import { haltServer } from "../../test/servers/process.ts";
import { type Log, silent } from "../log.ts";
import { busConformance } from "./conformance.ts";
import { type NatsBus, openNatsBus } from "./nats.ts";

busConformance("NATS", async () => {
  const server = await startNats();
  return { bus: () => openNatsBus({ servers: [server.address], name: "conformance" }), close: () => server.close() };
});

const soon = () => ({ deadline: Date.now() + 10_000 });
const echo = { name: "echo" };

/** A log that keeps what is worse than news. */
function listeningLog(): { log: Log; said: string[] } {
  const said: string[] = [];
  const hear = ({ reason = "" }: { readonly reason?: string }, message: string) =>
    void said.push(`${message} ${reason}`);
  return { log: Object.assign(Object.create(silent), { warn: hear, error: hear }), said };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 3_000; tries++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail("waited in vain");
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
    for (const trace of ["a\r\nSluice-Left: 0", "x".repeat(201), ""]) {
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
    head.set("Sluice-Left", "10000");
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

  test("headers that are none make nobody deaf", async () => {
    const serving = await one.serve({ name: "keen" }, { slots: 1 }, async (question) => question);
    const [host = "", port = ""] = server.address.split(":");
    const socket = connectSocket(Number(port), host);
    socket.write('CONNECT {"verbose":false,"headers":true}\r\n');
    for (const head of ["NATS/1.0\r\nno key: x\r\n\r\n", "NATS/1.0\r\n: x\r\n\r\n", "garbage", "NATS/1.0 x\r\n\r\n"]) {
      for (const subject of ["sluice.ask.keen nobody.1", "sluice.event.keen"]) {
        socket.write(`HPUB ${subject} ${head.length} ${head.length + 1}\r\n${head}x\r\n`);
      }
    }
    const flushed = new Promise<void>((resolve) => {
      socket.on("data", (bytes) => bytes.includes("PONG") && resolve());
    });
    socket.write("PING\r\n");
    await flushed;
    socket.destroy();
    assert.equal(await other.ask({ name: "keen" }, "still there", soon()), "still there");
    await serving.stop();
  });

  test("clocks that differ by a minute, whichever way, lose nothing", async () => {
    const serving = await one.serve({ name: "echo" }, { slots: 4 }, async (question) => question);
    for (const skew of [60_000, -60_000]) {
      const child = fork(new URL("nats-victim.ts", import.meta.url), [server.address, String(skew)]);
      await new Promise((resolve) => child.once("message", resolve));
      assert.equal(await other.ask({ name: `echo${skew}` }, "asked", soon()), "asked");
      const answer = new Promise((resolve) => child.once("message", resolve));
      child.send("echo");
      assert.equal(await answer, "asked");
      child.kill("SIGKILL");
    }
    await serving.stop();
  });

  test("what lay still until nobody waited is dropped unread", async () => {
    const seen: unknown[] = [];
    const serving = await one.serve<unknown, null>(echo, { slots: 4 }, async (question) => {
      seen.push(question);
      return null;
    });
    // The quickest of them says what the way takes.
    for (let i = 0; i < 50; i++) await other.ask(echo, "before", soon());
    await haltServer(server.pid());
    const still = other.ask(echo, "still", { deadline: Date.now() + 100 });
    await assert.rejects(still, { code: "late" }).finally(() => process.kill(server.pid(), "SIGCONT"));
    await until(() => other.ask(echo, "after", soon()).then(() => true));
    await serving.stop();
    assert.deepEqual([...new Set(seen)], ["before", "after"]);
  });

  test("a server that says nothing is not mistaken for an instance that does not answer", async () => {
    const stuck = await one.serve({ name: "stuck" }, { slots: 4 }, () => new Promise(() => {}));
    const after = (ms: number) => ({ deadline: Date.now() + ms });
    await assert.rejects(other.ask({ name: "stuck" }, null, after(3_000)), { code: "late" });
    await haltServer(server.pid());
    const unheard = assert.rejects(other.ask({ name: "stuck" }, null, after(3_000)), { code: "unavailable" });
    await unheard.finally(() => process.kill(server.pid(), "SIGCONT"));
    void stuck.stop();
  });

  test("nobody is there when the server is there again: asked until they are", async () => {
    const serving = await one.serve(echo, { slots: 4 }, async (question) => question);
    await assert.rejects(other.ask({ name: "nobody" }, null, soon()), { code: "nobody" });
    await server.kill();
    await until(() => !one.connected && !other.connected);
    await server.restart();
    await until(() => other.connected);
    // Whoever is asked comes back by itself, and perhaps later.
    assert.equal(await other.ask(echo, "asked", soon()), "asked");
    await serving.stop();
  });

  test("one permission covers a site, and a right that is given back is used again", async () => {
    const user = (hears: string) => [
      `authorization { users: [{ user: u, password: p, permissions: { publish: "mx.>", subscribe: "${hears}" } }] }`,
    ];
    const guarded = await startNats({ config: user("mx.>") });
    const access = { user: "u", pass: "p" };
    const { log, said } = listeningLog();
    const bus = await openNatsBus({ servers: [guarded.address], name: "test", prefix: "mx", access, log });
    await bus.serve(echo, { slots: 4 }, async (question) => question);
    assert.equal(await bus.ask(echo, 1, soon()), 1);
    assert.equal(said.length, 0, said.join());
    await guarded.restart(user("mx.inbox.>"));
    await until(() => said.some((line) => line.includes('Subscription to "mx.ask.echo"')));
    await guarded.restart(["authorization { user: u, password: changed }"]);
    await until(() => said.some((line) => line.includes("Authorization Violation")));
    await guarded.restart(user("mx.>"));
    await until(async () => (await bus.ask(echo, 2, soon()).catch(() => 0)) === 2);
    assert.equal(said.filter((line) => line.includes("Violation")).length, 2, said.join("\n"));
    await bus.close();
    await guarded.close();
  });

  test("no server: `unavailable`, after the patience that was given", async () => {
    const opening = openNatsBus({ servers: ["127.0.0.1:1"], name: "test", patience: 0 });
    await assert.rejects(opening, { code: "unavailable" });
  });
});
