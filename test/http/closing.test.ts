// Closing: running scans are answered, new mail is not taken, nothing waits for idle clients.

import assert from "node:assert/strict";
import { Agent, request } from "node:http";
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
