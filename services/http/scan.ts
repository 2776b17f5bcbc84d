// One scan over HTTP: request -> ScanRequest -> coordinator -> verdict -> reply.

import type { Socket } from "node:net";
import type { FastifyReply, FastifyRequest } from "fastify";
import { type ScanRequest, scanSubject } from "../../shared/scan.ts";
import { readEnvelope } from "./envelope.ts";
import { type Door, sendError } from "./failure.ts";
import { type Flags, hasFlag, parseFlags } from "./flags.ts";
import type { Gateway } from "./gateway.ts";
import { localInput, withMessage } from "./message.ts";
import { send } from "./reply.ts";
import { replyLegacy } from "./reply-legacy.ts";
import { type ReplyOptions, replyV2 } from "./reply-v2.ts";
import { headersForSettings, type RequestFields, readFields } from "./request-fields.ts";
import { rewrittenMessage } from "./rewritten.ts";
import { nextTaskId } from "./task-id.ts";

export type Protocol = "v2" | "legacy" | "skip";

/** Answers a request that carries a message. What it throws becomes an error reply, never a verdict. */
export async function answerScan(
  gateway: Gateway,
  door: Door,
  protocol: Protocol,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const fields = readFields(request.raw.rawHeaders, door === "scan" ? queryOf(request.url) : "");
  const refusal = localInput(fields);
  if (refusal !== null) return sendError(reply, 400, refusal);
  return withMessage(gateway, fields, request.raw, async (raw) => {
    const flags = parseFlags(fields.first.get("flags"));
    const question = scanRequest(fields, flags, raw, request.raw.socket, protocol === "skip");
    if (flags.unknown.length > 0) gateway.log.warn({ id: question.id, flags: flags.unknown }, "unknown flags");
    const trace = fields.first.get("traceparent");
    const deadline = gateway.now() + gateway.limits.taskTimeout;
    const verdict = await gateway.bus.ask(
      scanSubject,
      question,
      trace === undefined ? { deadline } : { deadline, trace },
    );
    const options = replyOptions(fields, flags, door);
    const json = protocol === "legacy" ? replyLegacy(verdict, options) : replyV2(verdict, options);
    const message = rewrittenMessage(question, verdict, flags);
    return await send(reply, json, fields.first.get("accept"), fields.first.get("accept-encoding"), message);
  });
}

function queryOf(url: string): string {
  const mark = url.indexOf("?");
  return mark < 0 ? "" : url.slice(mark + 1);
}

/** Everything that the client says about its message. */
export function scanRequest(
  fields: RequestFields,
  flags: Flags,
  raw: Uint8Array,
  { remoteAddress }: Pick<Socket, "remoteAddress">,
  skip: boolean,
): ScanRequest {
  const { first } = fields;
  const envelope = readEnvelope(fields);
  const subject = first.get("subject");
  const settings = first.get("settings");
  const settingsId = first.get("settings-id");
  return {
    id: nextTaskId(first.get("log-tag")),
    envelope,
    ...(remoteAddress !== undefined && { clientIp: remoteAddress }),
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
