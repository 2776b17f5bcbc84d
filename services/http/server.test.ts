import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { openServer } from "./server.ts";

const limits = { maxHeaders: 16_384, maxConnections: 8, timeout: 60_000, keepAlive: 5_000, grace: 1_000 };

/** Listens, and answers every request with "pong". */
async function open(keepAlive = limits.keepAlive) {
  const address = { kind: "tcp", host: "127.0.0.1", port: 0 } as const;
  const door = await openServer(
    address,
    { ...limits, keepAlive },
    (_request, response) => response.end("pong"),
    (error) => assert.fail(error),
    (error) => assert.fail(error),
  );
  const socket = connect(Number(new URL(door.listening[0] ?? "").port), "127.0.0.1");
  return { door, socket };
}

test("a request without Host is answered: small scripts of mail servers leave it out", async () => {
  const { door, socket } = await open();
  try {
    socket.write("GET /ping HTTP/1.1\r\nConnection: close\r\n\r\n");
    assert.match(await text(socket), /^HTTP\/1\.1 200 OK\r\n[\s\S]*pong/);
  } finally {
    await door.close();
  }
});

test("a request that arrived while the process stood still is answered, then the connection is closed as idle", async () => {
  const { door, socket } = await open(100);
  try {
    const request = "GET /ping HTTP/1.1\r\nHost: a\r\n\r\n";
    socket.write(request);
    await once(socket, "data");
    socket.write(request);
    // Longer than the connection may be idle, and the second that Node adds to that.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
    assert.match(await text(socket), /^HTTP\/1\.1 200 OK\r\n[\s\S]*pong/);
  } finally {
    await door.close();
  }
});
