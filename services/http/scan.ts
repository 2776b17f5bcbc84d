// One scan over HTTP: request -> ScanRequest -> coordinator -> verdict -> reply.

import type { FastifyReply, FastifyRequest } from "fastify";
import { type ScanRequest, scanSubject } from "../../shared/scan.ts";
import { readBody, take } from "./body.ts";
import { bodyEncoding, decompress } from "./compression.ts";
import { readEnvelope } from "./envelope.ts";
import { type Door, sendError } from "./failure.ts";
import { type Flags, hasFlag, parseFlags } from "./flags.ts";
import type { Gateway } from "./gateway.ts";
import { send } from "./reply.ts";
import { replyLegacy } from "./reply-legacy.ts";
import { type ReplyOptions, replyV2 } from "./reply-v2.ts";
import { headersForSettings, type RequestFields, readFields } from "./request-fields.ts";
import { rewrittenMessage } from "./rewritten.ts";
import { nextTaskId } from "./task-id.ts";

export type Protocol = "v2" | "legacy" | "skip";

/** Headers by which Rspamd reads a message from its own disk or memory: a way to any file for whoever can connect. */
const localInputs = ["file", "path", "shm"] as const;

/** Answers a request that carries a message. What it throws becomes an error reply, never a verdict. */
export async function answerScan(
  gateway: Gateway,
  door: Door,
  protocol: Protocol,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { limits } = gateway;
  const fields = readFields(request.raw.rawHeaders, door === "scan" ? queryOf(request.url) : "");
  // The one error that a scan worker sends with its true code (R 1.3).
  for (const name of localInputs) {
    if (fields.first.has(name))
      return sendError(reply, 400, `messages are not read from local files or memory: ${name}`);
  }
  const body = await readBody(request.raw, limits.maxMessage, gateway.budget);
  let { held } = body;
  try {
    let raw = body.bytes;
    const encoding = bodyEncoding(fields, raw);
    if (encoding !== null) {
      raw = await decompress(raw, encoding, limits.maxMessage);
      take(gateway.budget, raw.length);
      held += raw.length;
    }
    const flags = parseFlags(fields.first.get("flags"));
    const question = scanRequest(fields, flags, raw, protocol === "skip");
    if (flags.unknown.length > 0) gateway.log.warn({ id: question.id, flags: flags.unknown }, "unknown flags");
    const trace = fields.first.get("traceparent");
    const deadline = gateway.now() + limits.taskTimeout;
    const verdict = await gateway.bus.ask(
      scanSubject,
      question,
      trace === undefined ? { deadline } : { deadline, trace },
    );
    const options = replyOptions(fields, flags, door);
    const json = protocol === "legacy" ? replyLegacy(verdict, options) : replyV2(verdict, options);
    const message = rewrittenMessage(question, verdict, flags);
    return await send(reply, json, fields.first.get("accept"), fields.first.get("accept-encoding"), message);
  } finally {
    gateway.budget.held -= held;
  }
}

function queryOf(url: string): string {
  const mark = url.indexOf("?");
  return mark < 0 ? "" : url.slice(mark + 1);
}

/** Everything that the client says about its message. */
export function scanRequest(fields: RequestFields, flags: Flags, raw: Uint8Array, skip: boolean): ScanRequest {
  const { first } = fields;
  const envelope = readEnvelope(fields);
  const subject = first.get("subject");
  const settings = first.get("settings");
  const settingsId = first.get("settings-id");
  return {
    id: nextTaskId(first.get("log-tag")),
    envelope,
    ...((first.get("pass")?.toLowerCase() === "all" || hasFlag(flags, "pass_all")) && { passAll: true }),
    ...((first.get("log")?.toLowerCase() === "no" || hasFlag(flags, "no_log")) && { noLog: true }),
    ...((skip || hasFlag(flags, "skip") || hasFlag(flags, "skip_process")) && { skip: true }),
    ...(first.get("raw")?.toLowerCase() === "yes" && { plain: true }),
    ...(subject !== undefined && { subject }),
    ...(settings !== undefined && settings !== "" && { settings }),
    ...(settingsId !== undefined && settingsId !== "" && { settingsId }),
    requestHeaders: headersForSettings(fields),
    facts: { raw },
  };
}

function replyOptions(fields: RequestFields, flags: Flags, door: Door): ReplyOptions {
  return {
    groups: door === "controller" || hasFlag(flags, "groups"),
    profile: fields.first.has("profile") || hasFlag(flags, "profile"),
    extendedUrls: fields.first.get("url-format")?.toLowerCase() === "extended" || hasFlag(flags, "ext_urls"),
  };
}
