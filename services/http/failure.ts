// What a client is told when there is no verdict: {"error": "..."} and a status that makes mail servers come again.

import type { FastifyReply } from "fastify";
import { type Fault, toFault } from "../../shared/fault.ts";
import { quote } from "./json.ts";

/** Which of the two doors a request came through: they number errors differently. */
export type Door = "scan" | "controller";

/** An error that already has its HTTP status. */
export interface Failure {
  readonly status: number;
  readonly text: string;
}

const statusOf: Partial<Record<Fault["code"], number>> = { "bad-input": 400, "too-large": 413, "bad-config": 500 };

/** Turns whatever was thrown into a status. What our own code threw is not shown: it is in the log. */
export function toFailure(thrown: unknown): Failure {
  const fault = toFault(thrown);
  if (fault.code !== "failed") return { status: statusOf[fault.code] ?? 503, text: fault.message };
  return { status: 503, text: "the message could not be scanned" };
}

/** Rspamd's scan workers send code 400 as 500, 404 as 504, 413 as 513 (R 1.3). */
export function statusAt(door: Door, status: number): number {
  return door === "scan" ? 500 + (status % 100) : status;
}

/** The status line repeats the text: rspamc shows nothing else. */
export function sendFailure(reply: FastifyReply, door: Door, failure: Failure): FastifyReply {
  return sendError(reply, statusAt(door, failure.status), failure.text);
}

/** Haraka knows a failure by `error` being the only key. */
export function sendError(reply: FastifyReply, status: number, text: string): FastifyReply {
  reply.raw.statusMessage = text.replace(/[^\x20-\x7e]+/g, " ").slice(0, 200);
  // What was not read of the request would be taken for the next one.
  if (!reply.request.raw.complete) reply.header("connection", "close");
  return reply
    .code(status)
    .header("content-type", "application/json")
    .send(`{"error":${quote(text)}}`);
}
