// The serving side of the NATS bus: messages of a queue group become questions of an instance.

import type { Msg } from "@nats-io/transport-node";
import { Fault, toFault } from "../fault.ts";
import type { Codec } from "./codec.ts";
import { Asked, type Instance } from "./instance.ts";
import { publishFault } from "./nats-asking.ts";
import { deadlineHeader, instanceHeader, traceHeader, writeFault } from "./nats-headers.ts";

/** Hands the question of a message to `instance`, called `id`, and answers the message with what becomes of it. */
export function answerMessage(msg: Msg, instance: Instance, id: string, codec: Codec): void {
  // Nobody waits for an answer: nothing of ours.
  if (msg.reply === undefined || msg.reply === "") return;
  const deadline = Number(msg.headers?.get(deadlineHeader) || Number.NaN);
  const trace = msg.headers?.get(traceHeader) || undefined;
  // Late already: dropped unread, the asker knows.
  if (deadline <= Date.now()) return;
  if (Number.isNaN(deadline)) {
    respondFault(msg, new Fault("bad-input", "a question without a deadline"));
    return;
  }
  // A full instance must say so at once: it would cost more to decode the question first.
  if (instance.full) {
    respondFault(msg, new Fault("busy", `every instance of ${msg.subject} that was asked is busy`), id);
    return;
  }
  let question: unknown;
  try {
    question = codec.decode(msg.data);
  } catch (thrown) {
    respondFault(msg, toFault(thrown));
    return;
  }
  const onAnswer = (answer: unknown) => respond(msg, answer, codec);
  const onFault = (fault: Fault) => respondFault(msg, fault);
  instance.take(new Asked(question, deadline, trace, onAnswer, onFault));
}

function respond(msg: Msg, answer: unknown, codec: Codec): void {
  let size = 0;
  try {
    const bytes = codec.encode(answer);
    size = bytes.length;
    msg.respond(bytes);
  } catch (thrown) {
    respondFault(msg, thrown instanceof Fault ? thrown : publishFault(thrown, size));
  }
}

function respondFault(msg: Msg, fault: Fault, instance?: string): void {
  const { head, body } = writeFault(fault);
  if (instance !== undefined) head.set(instanceHeader, instance);
  try {
    msg.respond(body, { headers: head });
  } catch {
    // The connection is gone, and the asker knows it by now.
  }
}
