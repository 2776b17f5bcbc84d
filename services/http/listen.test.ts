import assert from "node:assert/strict";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { listen } from "./listen.ts";

const limits = { maxHeaders: 16_384, maxConnections: 8, timeout: 60_000, keepAlive: 5_000, grace: 1_000 };

test("a request without Host is answered: small scripts of mail servers leave it out", async () => {
  const address = { kind: "tcp", host: "127.0.0.1", port: 0 } as const;
  const door = await listen(
    address,
    limits,
    (_request, response) => response.end("pong"),
    (error) => assert.fail(error),
  );
  try {
    const socket = connect(Number(new URL(door.listening[0] ?? "").port), "127.0.0.1");
    socket.write("GET /ping HTTP/1.1\r\nConnection: close\r\n\r\n");
    assert.match(await text(socket), /^HTTP\/1\.1 200 OK\r\n[\s\S]*pong/);
  } finally {
    await door.close();
  }
});
