// Sending a reply in the form that the client accepts: JSON or MessagePack, compressed or not.

import type { FastifyReply } from "fastify";
import { Packr } from "msgpackr";
import { acceptedEncoding, compress, worthCompressing } from "./compression.ts";

/** Plain MessagePack: records would be an extension that other readers do not know. */
const packr = new Packr({ useRecords: false });

/** Sends `json` by the client's `Accept` and `Accept-Encoding`. */
export async function send(
  reply: FastifyReply,
  json: string,
  accept: string | undefined,
  acceptEncoding: string | undefined,
): Promise<FastifyReply> {
  const msgpack = accept?.toLowerCase().includes("application/msgpack");
  reply.header("content-type", msgpack ? "application/msgpack" : "application/json");
  const encoding = acceptedEncoding(acceptEncoding);
  if (encoding === null || json.length < worthCompressing) {
    return msgpack ? reply.send(packr.pack(JSON.parse(json))) : reply.send(json);
  }
  reply.header("content-encoding", encoding).header("vary", "accept-encoding");
  // Rspamd's clients look for this header (R 1.8).
  if (encoding === "zstd") reply.header("compression", "zstd");
  const bytes = msgpack ? packr.pack(JSON.parse(json)) : Buffer.from(json, "utf8");
  return reply.send(await compress(bytes, encoding));
}
