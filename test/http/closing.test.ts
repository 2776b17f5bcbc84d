// Closing: what was accepted is answered, nothing else is, and nothing waits for idle clients.

import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import type { Verdict } from "../../shared/verdict.ts";
import { startGateway } from "./gateway.ts";
import { verdictOf } from "./verdict.ts";

function post(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/checkv2`, { method: "POST", agent }, (reply) => {
      reply.resume().on("end", () => resolve(reply.statusCode ?? 0));
    });
    sent.on("error", reject).end("Subject: x\r\n\r\nx\r\n");
  });
}

test("a running scan is answered, then the gateway is gone", async () => {
  const begun = Promise.withResolvers<void>();
  const verdict = Promise.withResolvers<Verdict>();
  const gateway = await startGateway({
    http: "keep_alive = 600s",
    answer() {
      begun.resolve();
      return verdict.promise;
    },
  });
  const agent = new Agent({ keepAlive: true });
  const running = post(gateway.scan, agent);
  await begun.promise;
  const closed = gateway.close();
  await assert.rejects(fetch(`${gateway.scan}/ping`));
  verdict.resolve(verdictOf());
  assert.equal(await running, 200);
  // The client keeps its connection; the gateway does not wait for it.
  await closed;
  await assert.rejects(post(gateway.scan, agent));
  agent.destroy();
});

test("a request that had begun to arrive is answered, and its connection closed", async () => {
  const gateway = await startGateway();
  const { hostname, port } = new URL(gateway.scan);
  const socket = connect({ host: hostname, port: Number(port) });
  let heard = "";
  socket.setEncoding("utf8").on("data", (part) => (heard += part));
  const ended = once(socket, "end");
  socket.write("POST /checkv2 HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n");
  // What was sent before these was read before these.
  for (let i = 0; i < 3; i++) await fetch(`${gateway.scan}/ping`);
  const closed = gateway.close();
  await assert.rejects(fetch(`${gateway.scan}/ping`));
  socket.write("\r\nSubject: x\r\n\r\nx\r\n");
  await ended;
  assert.match(heard, /^HTTP\/1.1 200 OK\r\n(.+\r\n)*connection: close\r\n/i);
  assert.equal(gateway.asked.length, 1);
  await closed;
});
