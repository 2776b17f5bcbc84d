// The serving side of the NATS bus: messages of a queue group become questions of an instance.

import { headers, type Msg } from "@nats-io/transport-node";
import { Fault, toFault } from "../fault.ts";
import type { Codec } from "./codec.ts";
import { Asked, type Instance } from "./instance.ts";
import { publishFault } from "./nats-asking.ts";
import { deadlineHeader, instanceHeader, parcelHeader, traceHeader, writeFault } from "./nats-headers.ts";
import type { Parcels } from "./parcels.ts";

/** Hands the question of a message to `instance`, called `id`, and answers the message with what becomes of it. */
export function answerMessage(msg: Msg, instance: Instance, id: string, codec: Codec, parcels: Parcels): void {
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
  const onAnswer = (answer: unknown) => respond(msg, answer, codec, parcels);
  const onFault = (fault: Fault) => respondFault(msg, fault);
  const take = (question: unknown) => {
    const taken = instance.take(new Asked(question, deadline, trace, onAnswer, onFault));
    if (!taken) respondFault(msg, new Fault("busy", `every instance of ${msg.subject} that was asked is busy`), id);
  };
  try {
    const question = parcels.unpack(msg.data);
    if (question instanceof Promise) question.then(take, (thrown) => onFault(toFault(thrown)));
    else take(question);
  } catch (thrown) {
    onFault(toFault(thrown));
  }
}

function respond(msg: Msg, answer: unknown, codec: Codec, parcels: Parcels): void {
  let size = 0;
  try {
    const bytes = codec.encode(answer);
    size = bytes.length;
    const parcel = parcels.putAnswer(bytes);
    if (parcel === undefined) msg.respond(bytes);
    else
      parcel.then(
        (key) => respondParcel(msg, key),
        (thrown) => respondFault(msg, toFault(thrown)),
      );
  } catch (thrown) {
    respondFault(msg, thrown instanceof Fault ? thrown : publishFault(thrown, size));
  }
}

function respondParcel(msg: Msg, key: string): void {
  const head = headers();
  head.set(parcelHeader, key);
  try {
    msg.respond(new Uint8Array(), { headers: head });
  } catch {
    // The connection is gone, and the asker knows it by now.
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
