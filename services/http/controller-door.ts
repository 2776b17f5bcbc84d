// The controller (port 11334): what operators and their tools ask, behind a password, and scans as well (R 1.5).

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { openMetricsType } from "../../shared/metrics.ts";
import type { Level, Visitor } from "./access.ts";
import { openDoor } from "./door.ts";
import { sendError } from "./failure.ts";
import type { Gateway } from "./gateway.ts";
import { answerExplain, answerLearn, lessons } from "./learn.ts";
import { askLearned, classifiersBody } from "./learned.ts";
import { whyNotReady } from "./readiness.ts";
import { send } from "./reply.ts";
import { reset } from "./reset.ts";
import { answerScan, type Protocol } from "./scan.ts";
import { authBody, statBody } from "./stat.ts";
import { actionsBody, countersBody, pieBody, symbolsBody } from "./symbol-listing.ts";

/** Answers with what becomes the JSON of the reply. `readOnly`: the visitor may not change anything. */
type Listing = (gateway: Gateway, request: FastifyRequest, readOnly: boolean) => object | Promise<object>;

const listings: Readonly<Record<string, Listing>> = {
  "/auth": async (gateway, _request, readOnly) => authBody(gateway, readOnly, await askLearned(gateway)),
  "/stat": async (gateway, _request, readOnly) => statBody(gateway, readOnly, await askLearned(gateway)),
  "/symbols": symbolsBody,
  "/counters": countersBody,
  "/actions": actionsBody,
  "/pie": pieBody,
  "/history": (gateway, request) =>
    gateway.record.history.list(numberOf(request, "from", 0), numberOf(request, "to", -1)),
  "/errors": (gateway) => gateway.record.errors.list(),
  "/maps": () => [],
  "/neighbours": () => ({}),
  "/plugins": () => ({}),
  "/bayes/classifiers": classifiersBody,
};

const changes: Readonly<Record<string, Listing>> = {
  "/statreset": async (gateway, _request, readOnly) => {
    const before = statBody(gateway, readOnly, await askLearned(gateway));
    reset(gateway, "statistics");
    return before;
  },
  "/historyreset": (gateway) => {
    reset(gateway, "history");
    return { success: true };
  },
};

const scans: Readonly<Record<string, Protocol>> = {
  "/checkv2": "v2",
  "/check": "legacy",
  "/scan": "legacy",
  "/symbols": "legacy",
};

/** What Rspamd has and this gateway has not, with the reason in the words of its clients (R 1.6). */
const missing: Readonly<Record<string, string>> = {
  "/fuzzyadd": "no fuzzy storage",
  "/fuzzydel": "no fuzzy storage",
  "/fuzzydelhash": "no fuzzy storage",
  "/saveactions": "no dynamic configuration",
  "/savesymbols": "no dynamic configuration",
  "/savemap": "no such map",
};

export function openControllerDoor(gateway: Gateway): FastifyInstance {
  const app = openDoor(gateway, "controller");

  app.addHook("onRequest", (request, reply, done) => {
    gateway.record.totals.countRequest("controller");
    if (request.method === "GET" || request.method === "POST") done();
    else if (request.method === "OPTIONS") reply.code(200).header("allow", "POST, GET, OPTIONS").send("");
    // R 1.1: with this status, and not 405.
    else sendError(reply, 500, "Invalid method");
  });

  function answer(level: Level, listing: Listing) {
    return async (request: FastifyRequest, reply: FastifyReply) => {
      const readOnly = await admit(gateway, level, request, reply);
      if (readOnly === null) return reply;
      const body = JSON.stringify(await listing(gateway, request, readOnly));
      return send(reply, body, request.headers.accept, request.headers["accept-encoding"]);
    };
  }

  for (const [url, listing] of Object.entries(listings)) app.get(url, answer("read", listing));
  for (const [url, change] of Object.entries(changes)) {
    app.route({ method: ["GET", "POST"], url, handler: answer("change", change) });
  }
  for (const [url, protocol] of Object.entries(scans)) {
    app.post(url, async (request, reply) => {
      const readOnly = await admit(gateway, "read", request, reply);
      return readOnly === null ? reply : answerScan(gateway, "controller", protocol, request, reply);
    });
  }
  for (const [url, lesson] of Object.entries(lessons)) {
    const handler = async (request: FastifyRequest, reply: FastifyReply) => {
      const readOnly = await admit(gateway, "change", request, reply);
      return readOnly === null ? reply : answerLearn(gateway, lesson, request, reply);
    };
    // rspamc asks with GET when the mail is empty.
    app.route({ method: ["GET", "POST"], url, handler });
  }
  app.post("/explain", async (request, reply) => {
    const readOnly = await admit(gateway, "read", request, reply);
    return readOnly === null ? reply : answerExplain(gateway, request, reply);
  });
  for (const [url, text] of Object.entries(missing)) {
    app.route({
      method: ["GET", "POST"],
      url,
      handler: async (request, reply) => {
        const readOnly = await admit(gateway, "change", request, reply);
        return readOnly === null ? reply : sendError(reply, 404, text);
      },
    });
  }
  app.all("/ping", (_request, reply) => reply.type("text/plain").send("pong\r\n"));
  app.get("/healthy", () => ({ success: true }));
  app.get("/ready", async (_request, reply) => {
    const reason = await whyNotReady(gateway);
    return reason === "" ? { success: true } : sendError(reply, 500, reason);
  });
  app.get("/metrics", async (request, reply) => {
    const readOnly = await admit(gateway, "read", request, reply);
    return readOnly === null ? reply : reply.type(openMetricsType).send(gateway.record.metrics.registry.print());
  });
  app.setNotFoundHandler((_request, reply) => sendError(reply, 404, "Not found"));
  return app;
}

/** Whether the visitor may only look; null when the request was refused and has its reply. */
async function admit(gateway: Gateway, level: Level, request: FastifyRequest, reply: FastifyReply) {
  const ruling = await gateway.access.rule(visitorOf(request));
  if (ruling === "change" || ruling === level) return ruling === "read";
  const path = request.url.split("?", 1)[0] ?? "";
  gateway.log.warn({ peer: request.raw.socket.remoteAddress, path, ruling }, "refused");
  if (ruling === "too many") sendError(reply.header("retry-after", "60"), 429, "Too many failed logins");
  else sendError(reply, 401, "Unauthorized");
  return null;
}

function visitorOf(request: FastifyRequest): Visitor {
  const { headers } = request;
  const forwarded = headers["x-forwarded-for"] ?? headers["x-real-ip"];
  const password = headers.password ?? argumentOf(request, "password");
  return {
    peer: request.raw.socket.remoteAddress ?? "",
    forwarded: Array.isArray(forwarded) ? forwarded.join(",") : forwarded,
    password: Array.isArray(password) ? password[0] : password,
  };
}

function argumentOf(request: FastifyRequest, name: string): string | undefined {
  const mark = request.url.indexOf("?");
  return mark < 0 ? undefined : (new URLSearchParams(request.url.slice(mark + 1)).get(name) ?? undefined);
}

function numberOf(request: FastifyRequest, name: string, fallback: number): number {
  const value = argumentOf(request, name);
  return value !== undefined && /^-?\d{1,6}$/.test(value) ? Number(value) : fallback;
}
