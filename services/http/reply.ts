// Sending a reply in the form that the client accepts: JSON or MessagePack, compressed or not.

import type { FastifyReply } from "fastify";
import { Packr } from "msgpackr";
import { acceptedEncoding, compress, worthCompressing } from "./compression.ts";

/** Plain MessagePack: records would be an extension that other readers do not know. */
const packr = new Packr({ useRecords: false });

/** Sends `json` by the client's `Accept` and `Accept-Encoding`, and behind it the bytes of `message`. */
export async function send(
  reply: FastifyReply,
  json: string,
  accept: string | undefined,
  acceptEncoding: string | undefined,
  message?: Uint8Array,
): Promise<FastifyReply> {
  const msgpack = accept?.toLowerCase().includes("application/msgpack");
  reply.header("content-type", msgpack ? "application/msgpack" : "application/json");
  const encoding = acceptedEncoding(acceptEncoding);
  const isShort = message === undefined && json.length < worthCompressing;
  if (message === undefined && !msgpack && (encoding === null || isShort)) return reply.send(json);
  let bytes: Buffer = msgpack ? packr.pack(JSON.parse(json)) : Buffer.from(json, "utf8");
  if (message !== undefined) {
    // Counted before compression: clients decompress first (R 1.3, 1.8).
    reply.header("message-offset", String(bytes.length));
    bytes = Buffer.concat([bytes, message]);
  }
  if (encoding === null || isShort) return reply.send(bytes);
  reply.header("content-encoding", encoding).header("vary", "accept-encoding");
  // Rspamd's clients look for this header (R 1.8).
  if (encoding === "zstd") reply.header("compression", "zstd");
  return reply.send(await compress(bytes, encoding));
}
