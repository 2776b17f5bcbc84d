// What both doors do with every request: routing, errors, the last answers while closing.

import { type FastifyInstance, fastify } from "fastify";
import { type Door, sendFailure, statusAt, toFailure } from "./failure.ts";
import type { Gateway } from "./gateway.ts";
import { serverName } from "./version.ts";

/** No route has a schema: without this, fastify loads 100 files for compiling them. */
function noSchemas(): never {
  throw new Error("there are no schemas");
}

/** A fastify instance without routes. Bodies are left to the handlers, which know what they may cost. */
export function openDoor(gateway: Gateway, door: Door): FastifyInstance {
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    return503OnClosing: false,
    routerOptions: { caseSensitive: false, ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    frameworkErrors: (_error, _request, reply) => sendFailure(reply, door, { status: 400, text: "bad request" }),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  app.addHook("onRequest", (request, reply, done) => {
    reply.raw.setHeader("server", serverName);
    if (door === "controller") reply.raw.setHeader("cache-control", "no-store");
    // Clients label messages as they like, and fastify would refuse a label that it cannot read.
    request.raw.headers["content-type"] = undefined;
    // Its client was told that it would be heard when its connection was accepted.
    if (gateway.closing) reply.header("connection", "close");
    done();
  });
  app.setErrorHandler((thrown, request, reply) => {
    const failure = toFailure(thrown);
    const path = request.url.split("?", 1)[0] ?? "";
    gateway.log.warn({ path, status: statusAt(door, failure.status), err: thrown }, failure.text);
    gateway.record.errors.add(door, path, thrown);
    return sendFailure(reply, door, failure);
  });
  return app;
}
