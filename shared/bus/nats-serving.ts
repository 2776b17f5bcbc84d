// The serving side of the NATS bus: messages of a queue group become questions of an instance.

import { headers, type Msg } from "@nats-io/transport-node";
import { Fault, toFault } from "../fault.ts";
import type { Codec } from "./codec.ts";
import type { Delays } from "./delays.ts";
import { Asked, type Instance } from "./instance.ts";
import { publishFault } from "./nats-asking.ts";
import { instanceHeader, leftHeader, parcelHeader, sentHeader, traceHeader, writeFault } from "./nats-headers.ts";
import type { Parcels } from "./parcels.ts";

/** ms that even the quickest question may take: what nobody waits for any longer must be late here too. */
const way = 5;

export interface ServedBy {
  readonly instance: Instance;
  /** Of the instance, for who asks. */
  readonly id: string;
  readonly codec: Codec;
  readonly parcels: Parcels;
  readonly delays: Delays;
}

/**
 * Hands the question of a message to an instance, and answers the message with what becomes of it. Never throws, whatever
 * the message is: the client would read nothing more.
 */
export function answerMessage(msg: Msg, served: ServedBy): void {
  // Nobody waits for an answer: nothing of ours.
  if (msg.reply === undefined || msg.reply === "") return;
  try {
    take(msg, msg.reply, served);
  } catch (thrown) {
    respondFault(msg, thrown instanceof Fault ? thrown : new Fault("bad-input", "no question", thrown));
  }
}

function take(msg: Msg, reply: string, { instance, id, codec, parcels, delays }: ServedBy): void {
  const left = leftOf(msg, reply, delays);
  // Late already: dropped unread, the asker knows.
  if (left <= 0) return;
  const deadline = Date.now() + left;
  const busy = () =>
    respondFault(msg, new Fault("busy", `every instance of ${msg.subject} that was asked is busy`), id);
  // A full instance must say so at once: it would cost more to decode the question first.
  if (instance.full) {
    busy();
    return;
  }
  const trace = msg.headers?.get(traceHeader) || undefined;
  const onAnswer = (answer: unknown) => respond(msg, answer, codec, parcels);
  const onFault = (fault: Fault) => respondFault(msg, fault);
  const give = (question: unknown) => {
    if (!instance.take(new Asked(question, deadline, trace, onAnswer, onFault))) busy();
  };
  const question = parcels.unpack(msg.data);
  if (question instanceof Promise) question.then(give, (thrown) => onFault(toFault(thrown)));
  else give(question);
}

/** ms that the asker still waits, without the time that the question lay somewhere. Faults with `bad-input`. */
function leftOf(msg: Msg, reply: string, delays: Delays): number {
  const left = Number(msg.headers?.get(leftHeader) || Number.NaN);
  if (!Number.isFinite(left)) throw new Fault("bad-input", "a question without a deadline");
  const sent = Number(msg.headers?.get(sentHeader) || Number.NaN);
  // Each asker has an inbox of its own.
  return left - way - delays.of(reply.slice(0, reply.lastIndexOf(".")), sent, performance.now());
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
