// Lessons over HTTP: /learnspam, /learnham, /learnclass and /unlearn, with the codes that Rspamd's clients know (R 1.6).
// A lesson that is answered with 200 or 208 is on disk.

import type { FastifyReply, FastifyRequest } from "fastify";
import {
  type ExplainRequest,
  explainSubject,
  type LearnAnswer,
  type Lesson,
  learnSubject,
} from "../../shared/learning/lesson.ts";
import { readEnvelope } from "./envelope.ts";
import { sendError } from "./failure.ts";
import type { Gateway } from "./gateway.ts";
import { localInput, withMessage } from "./message.ts";
import { send } from "./reply.ts";
import { type RequestFields, readFields } from "./request-fields.ts";
import { nextTaskId } from "./task-id.ts";

/** Path to lesson; /learnclass says it in the header `Class`. */
export const lessons: Readonly<Record<string, Lesson | "class">> = {
  "/learnspam": "spam",
  "/learnham": "ham",
  "/learnclass": "class",
  "/unlearn": "forget",
};

export async function answerLearn(
  gateway: Gateway,
  asked: Lesson | "class",
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const fields = readFields(request.raw.rawHeaders, "");
  const refusal = localInput(fields);
  if (refusal !== null) return sendError(reply, 400, refusal);
  const lesson = asked === "class" ? lessonOf(fields.first.get("class")) : asked;
  if (lesson === null) return sendError(reply, 404, "no such class: there are spam and ham");
  if (gateway.learners.length === 0) return sendError(reply, 404, "no classifier");
  return withMessage(gateway, fields, request.raw, async (raw) => {
    if (raw.length === 0) return sendError(reply, 400, "Empty body is not permitted");
    const actor = fields.first.get("classifier");
    const question = {
      ...taskOf(fields, raw),
      lesson,
      origin: "hand" as const,
      ...(actor !== undefined && actor !== "" && { actor: actor.toLowerCase() }),
    };
    const answer = await gateway.bus.ask(learnSubject, question, {
      deadline: gateway.now() + gateway.limits.taskTimeout,
    });
    if (Object.values(answer.fates).includes("taken")) gateway.record.metrics.addLesson();
    return say(reply, lesson, answer, fields);
  });
}

/** Why the actors that learn say what they say of a message. */
export async function answerExplain(
  gateway: Gateway,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const fields = readFields(request.raw.rawHeaders, "");
  const refusal = localInput(fields);
  if (refusal !== null) return sendError(reply, 400, refusal);
  return withMessage(gateway, fields, request.raw, async (raw) => {
    const deadline = gateway.now() + gateway.limits.taskTimeout;
    const answer = await gateway.bus.ask(explainSubject, taskOf(fields, raw), { deadline });
    return sendJson(reply, answer, fields);
  });
}

function lessonOf(name: string | undefined): Lesson | null {
  const lower = name?.toLowerCase();
  return lower === "spam" || lower === "ham" ? lower : null;
}

function taskOf(fields: RequestFields, raw: Uint8Array): ExplainRequest {
  const { first } = fields;
  return {
    id: nextTaskId(first.get("log-tag")),
    envelope: readEnvelope(fields),
    ...(first.get("raw")?.toLowerCase() === "yes" && { plain: true }),
    facts: { raw },
  };
}

function say(reply: FastifyReply, lesson: Lesson, { messageId, fates }: LearnAnswer, fields: RequestFields) {
  const all = Object.values(fates);
  if (all.length === 0) return sendError(reply, 404, "no classifier");
  if (all.includes("taken")) return sendJson(reply, { success: true }, fields);
  if (all.every((fate) => fate === "away")) return sendError(reply, 503, "nobody learns");
  if (!all.includes("known")) return sendError(reply, 204, "contains less tokens than required");
  const what = lesson === "forget" ? "is not learned" : `has been already learned as ${lesson}`;
  return sendError(reply, 208, `<${messageId.slice(0, 100)}> ${what}, ignore it`);
}

function sendJson(reply: FastifyReply, body: object, { first }: RequestFields): Promise<FastifyReply> {
  return send(reply, JSON.stringify(body), first.get("accept"), first.get("accept-encoding"));
}
