// The role with real sockets, and a coordinator that answers what the test says.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { type TestContext, test } from "node:test";
import pino from "pino";
import { openLocalBus } from "../../shared/bus/local.ts";
import { Fault } from "../../shared/fault.ts";
import { type ScanRequest, scanSubject } from "../../shared/scan.ts";
import type { Verdict } from "../../shared/verdict.ts";
import role from "./role.ts";
import { packet, packetsIn, postfixOffer, systemOf, verdictOf } from "./testing.ts";

type Answer = (request: ScanRequest) => Promise<Verdict> | Verdict;

/** Runs the role; answers with its port, what it logged, and its end. */
async function start(t: TestContext, answer: Answer | null, ucl = "") {
  const bus = openLocalBus({ freeze: true });
  if (answer) await bus.serve(scanSubject, { slots: 16 }, async (request) => answer(request));
  const logged: { msg: string; task?: string; reason?: string; code?: string }[] = [];
  const sink = new Writable({
    write(line, _encoding, done) {
      logged.push(JSON.parse(line.toString()));
      done();
    },
  });
  const running = await role.start(systemOf(bus, ucl, pino({ level: "info" }, sink)));
  t.after(async () => {
    await running.close();
    await bus.close();
  });
  const [address = ""] = running.listening;
  return { running, logged, address, port: Number(address.split(":").at(-1)) };
}

/** Bytes to a socket, and the packets that come back. */
class Server {
  readonly socket: Socket;
  #bytes = Buffer.alloc(0);

  constructor(where: number | string) {
    this.socket = typeof where === "number" ? createConnection(where, "127.0.0.1") : createConnection(where);
    this.socket.on("data", (chunk) => (this.#bytes = Buffer.concat([this.#bytes, chunk])));
    this.socket.on("error", () => {});
  }

  send(...packets: readonly Buffer[]): void {
    this.socket.write(Buffer.concat(packets));
  }

  /** Waits until so many packets have come, the negotiation among them. */
  async packets(count: number): Promise<string[]> {
    while (packetsIn(this.#bytes).length < count) await once(this.socket, "data");
    return packetsIn(this.#bytes);
  }

  async closed(): Promise<string[]> {
    // Not events.once: that fails on an error, and a refused connection is one.
    if (!this.socket.closed) await new Promise((resolve) => this.socket.once("close", resolve));
    return packetsIn(this.#bytes);
  }
}

const negotiate = packet("O", postfixOffer);
const begin = [packet("M", "<a@example.org>\0"), packet("R", "<b@example.org>\0")];
const content = [packet("L", "Subject\0 Hello\0"), packet("N"), packet("B", "text\r\n")];
const end = packet("E");
const quit = packet("Q");

test("a mail in one piece, and in pieces of one byte", async (t) => {
  const { port } = await start(t, () => verdictOf("reject"));
  const whole = Buffer.concat([negotiate, ...begin, ...content, end, quit]);
  const fast = new Server(port);
  fast.send(whole);
  assert.equal((await fast.closed())[1], "y554 5.7.1 Spam message rejected\0");
  const slow = new Server(port);
  slow.socket.setNoDelay(true);
  for (const byte of whole) slow.send(Buffer.from([byte]));
  assert.equal((await slow.closed())[1], "y554 5.7.1 Spam message rejected\0");
});

test("the coordinator gets envelope and message", async (t) => {
  const requests: ScanRequest[] = [];
  const { port } = await start(
    t,
    (request) => {
      requests.push(request);
      return verdictOf("no action");
    },
    "settings_id = inbound",
  );
  const server = new Server(port);
  server.send(negotiate, ...begin, ...content, end);
  assert.equal((await server.packets(2))[1], "a");
  const [request] = requests;
  assert.match(request?.id ?? "", /^[0-9a-f]{16}$/);
  assert.equal(request?.settingsId, "inbound");
  assert.deepEqual(request?.envelope, { from: "a@example.org", rcpts: ["b@example.org"] });
  const raw = request && "raw" in request.facts ? request.facts.raw : new Uint8Array();
  assert.equal(Buffer.from(raw).toString(), "Subject: Hello\r\n\r\ntext\r\n");
  server.send(quit);
  await server.closed();
});

const faults: readonly [string, Answer | null][] = [
  ["nobody", null],
  ["busy", () => Promise.reject(new Fault("busy", "full"))],
  ["late", () => new Promise(() => {})],
  ["failed", () => Promise.reject(new Error("a mistake in the code"))],
];
for (const [code, answer] of faults)
  test(`no verdict (${code}): the mail is put off, with a line in the log`, async (t) => {
    const { port, logged } = await start(t, answer, "timeout = 50ms");
    const server = new Server(port);
    server.send(negotiate, ...begin, ...content, end);
    assert.equal((await server.packets(2)).at(-1), "y451 4.7.1 Try again later\0");
    server.send(quit);
    await server.closed();
    const [line, ...more] = logged;
    assert.equal(line?.msg, "no verdict, mail put off");
    assert.equal(line?.code, code);
    assert.match(line?.task ?? "", /^[0-9a-f]{16}$/);
    assert.equal(more.length, 0);
  });

const broken: readonly [string, Buffer, string][] = [
  ["a packet without a command", Buffer.from([0, 0, 0, 0]), "bad-input"],
  ["a packet of four gigabytes", Buffer.from([255, 255, 255, 255]), "too-large"],
  ["an HTTP client", Buffer.from("GET / HTTP/1.1\r\n\r\n"), "too-large"],
  ["an unknown command", Buffer.concat([negotiate, packet("?")]), "bad-input"],
  ["a header without its end", Buffer.concat([negotiate, ...begin, packet("L", "Subject")]), "bad-input"],
];
for (const [name, bytes, code] of broken)
  test(`closed with a line in the log: ${name}`, async (t) => {
    const { port, logged } = await start(t, () => verdictOf("no action"));
    const server = new Server(port);
    server.send(bytes);
    await server.closed();
    assert.deepEqual(
      logged.map((line) => [line.msg, line.code]),
      [["connection closed", code]],
    );
    const next = new Server(port);
    next.send(negotiate, ...begin, ...content, end, quit);
    assert.equal((await next.closed())[1], "a", "the gateway goes on");
  });

test("a server that leaves in the middle of a mail, and one that leaves between mails", async (t) => {
  const { port, logged, running } = await start(t, () => verdictOf("no action"));
  const polite = new Server(port);
  polite.send(negotiate);
  await polite.packets(1);
  polite.socket.end();
  await polite.closed();
  const rude = new Server(port);
  rude.send(negotiate, ...begin);
  await rude.packets(1);
  rude.socket.end();
  await rude.closed();
  await running.close();
  assert.deepEqual(
    logged.map((line) => line.msg),
    ["connection ended in the middle of a mail"],
  );
});

test("a silent connection is closed; one whose mail is being decided on is not", async (t) => {
  let decide: (verdict: Verdict) => void = () => {};
  const { port } = await start(t, () => new Promise<Verdict>((resolve) => (decide = resolve)), "idle_timeout = 40ms");
  const waiting = new Server(port);
  waiting.send(negotiate, ...begin, ...content, end);
  await waiting.packets(1);
  const silent = new Server(port);
  silent.send(negotiate);
  await silent.closed();
  const later = new Server(port);
  await later.closed();
  decide(verdictOf("no action"));
  assert.equal((await waiting.packets(2))[1], "a");
});

test("no more connections than configured", async (t) => {
  const { port, logged } = await start(t, () => verdictOf("no action"), "max_connections = 1");
  const first = new Server(port);
  first.send(negotiate);
  await first.packets(1);
  for (let times = 0; times < 5; times++) await new Server(port).closed();
  // Said once, however many follow at once.
  assert.deepEqual(
    logged.map(({ msg }) => msg),
    ["connections refused: max_connections"],
  );
  first.send(...begin, ...content, end);
  assert.equal((await first.packets(2))[1], "a");
});

test("stop: idle connections go, a mail under way gets its verdict, nothing new is taken", async (t) => {
  let decide: (verdict: Verdict) => void = () => {};
  const asked = Promise.withResolvers<void>();
  const { port, running } = await start(t, () => {
    asked.resolve();
    return new Promise<Verdict>((resolve) => (decide = resolve));
  });
  const idle = new Server(port);
  const scanning = new Server(port);
  const sending = new Server(port);
  for (const server of [idle, scanning, sending]) server.send(negotiate);
  sending.send(...begin);
  await Promise.all([idle, scanning, sending].map((server) => server.packets(1)));
  scanning.send(...begin, ...content, end);
  await asked.promise;
  const closing = running.close();
  assert.equal((await idle.closed()).length, 1);
  const refused = new Server(port);
  assert.deepEqual(await refused.closed(), []);
  // After the verdict comes the end, whatever the server sends next.
  decide(verdictOf("reject"));
  scanning.send(...begin);
  assert.deepEqual((await scanning.closed()).slice(1), ["y554 5.7.1 Spam message rejected\0"]);
  sending.send(...content, end);
  await sending.packets(1);
  while (sending.socket.writable && (await Promise.race([sending.closed(), tick()])) === undefined)
    decide(verdictOf("no action"));
  assert.deepEqual((await sending.closed()).slice(1), ["a"]);
  await closing;
});

const tick = () => new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 1));

test("stop: a verdict that the server has not read yet is not lost", async (t) => {
  const body = new Uint8Array(16 * 1024 * 1024).fill(46);
  const { port, running } = await start(t, () => verdictOf("no action", {}, { body }));
  const server = new Server(port);
  server.send(negotiate);
  await server.packets(1);
  server.socket.pause();
  server.send(...begin, ...content, end);
  // The beginning of the new body is on its way, and no more of it fits.
  while (server.socket.readableLength === 0 && (await tick()) === undefined) server.socket.read(0);
  const closing = running.close();
  await tick();
  server.socket.resume();
  assert.equal((await server.closed()).at(-1), "a");
  await closing;
});

test("stop: a mail that never ends is given up", async (t) => {
  const { port, running, logged } = await start(t, () => verdictOf("no action"), "drain_timeout = 20ms");
  const server = new Server(port);
  server.send(negotiate, ...begin);
  await server.packets(1);
  await running.close();
  assert.deepEqual((await server.closed()).slice(1), []);
  assert.equal(logged[0]?.msg, "mails under way are given up");
});

test("a socket in a folder: mode, owner, and what a killed process left behind", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-milter-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "milter.sock");
  const group = process.getuid?.() === 0 ? 12 : process.getgroups?.().at(-1);
  const bind_socket = `bind_socket = "${path} mode=0660 group=${group}"`;
  const first = await start(t, () => verdictOf("no action"), bind_socket);
  assert.equal(first.address, `unix:${path}`);
  const { mode, gid } = statSync(path);
  assert.deepEqual({ mode: mode & 0o777, gid }, { mode: 0o660, gid: group });
  await assert.rejects(start(t, null, bind_socket), { code: "unavailable", message: /another process/ });
  const server = new Server(path);
  server.send(negotiate, ...begin, ...content, end, quit);
  assert.equal((await server.closed())[1], "a");
  await first.running.close();
  writeFileSync(path, "");
  await assert.rejects(start(t, null, bind_socket), { code: "unavailable", message: /no socket/ });
});

test("an address in use is a clear error", async (t) => {
  const { port } = await start(t, null);
  const bind_socket = `bind_socket = "127.0.0.1:${port}"`;
  await assert.rejects(start(t, null, bind_socket), {
    message: new RegExp(`cannot listen on 127.0.0.1:${port}`),
  });
});

test("switched off", async (t) => {
  const { running } = await start(t, null, "milter = no");
  assert.deepEqual(running.listening, []);
});
