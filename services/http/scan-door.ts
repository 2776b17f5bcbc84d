// The scan listener (port 11333): messages in, verdicts out, no password (R 1.1).

import type { FastifyInstance } from "fastify";
import { openMetricsType } from "../../shared/metrics.ts";
import { openDoor } from "./door.ts";
import { sendFailure } from "./failure.ts";
import type { Gateway } from "./gateway.ts";
import { whyNotReady } from "./readiness.ts";
import { answerScan, type Protocol } from "./scan.ts";

const commands: Readonly<Record<string, Protocol>> = {
  "/checkv2": "v2",
  "/check": "legacy",
  "/symbols": "legacy",
  "/scan": "legacy",
  "/process": "legacy",
  "/report": "legacy",
  "/report_ifspam": "legacy",
  "/skip": "skip",
};

export function openScanDoor(gateway: Gateway): FastifyInstance {
  const app = openDoor(gateway, "scan");
  for (const [url, protocol] of Object.entries(commands)) {
    app.route({
      method: ["POST", "PUT"],
      url,
      handler: (request, reply) => {
        gateway.record.totals.countRequest("scan");
        return answerScan(gateway, "scan", protocol, request, reply);
      },
    });
  }
  app.all("/ping", (_request, reply) => reply.type("text/plain").send("pong\r\n"));
  app.get("/metrics", (_request, reply) => reply.type(openMetricsType).send(gateway.record.metrics.registry.print()));
  app.get("/healthy", () => ({ success: true }));
  app.get("/ready", async (_request, reply) => {
    const reason = await whyNotReady(gateway);
    return reason === "" ? { success: true } : sendFailure(reply, "scan", { status: 503, text: reason });
  });
  app.setNotFoundHandler((_request, reply) => sendFailure(reply, "scan", { status: 400, text: "invalid command" }));
  return app;
}
