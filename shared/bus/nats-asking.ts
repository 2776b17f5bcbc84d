// The asking side of the NATS bus: one inbox, on which the answers to all questions of this client come in.

import {
  createInbox,
  headers,
  InvalidArgumentError,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
} from "@nats-io/transport-node";
import { Fault, toFault } from "../fault.ts";
import type { AskOptions } from "./bus.ts";
import type { Codec } from "./codec.ts";
import { Asked } from "./instance.ts";
import { deadlineHeader, faultHeader, instanceHeader, parcelHeader, readFault, traceHeader } from "./nats-headers.ts";
import type { Parcels } from "./parcels.ts";

interface Pending {
  readonly asked: Asked;
  readonly subject: string;
  bytes: Uint8Array;
  readonly head: MsgHdrs;
  /** Instance that answered `busy` to the first ask. */
  refusedBy: string | undefined;
  asks: number;
}

const empty = new Uint8Array();

/** Times that a question is sent at most: chance may lead the second one to the instance that has just refused it. */
const mostAsks = 3;

export class NatsAsking {
  readonly #connection: NatsConnection;
  readonly #codec: Codec;
  readonly #parcels: Parcels;
  readonly #inbox: string;
  readonly #pending = new Map<string, Pending>();
  #serial = 0;

  constructor(connection: NatsConnection, codec: Codec, parcels: Parcels, inboxPrefix: string | undefined) {
    this.#connection = connection;
    this.#codec = codec;
    this.#parcels = parcels;
    this.#inbox = `${createInbox(inboxPrefix)}.`;
    connection.subscribe(`${this.#inbox}*`, { callback: (error, msg) => void (error ?? this.#onAnswer(msg)) });
  }

  ask(subject: string, question: unknown, { deadline, trace }: AskOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const packed = this.#parcels.pack(question);
      const head = headers();
      head.set(deadlineHeader, String(deadline));
      // A trace is ASCII of a known length; anything else would be an injected header or a waste.
      if (trace !== undefined && /^[\x21-\x7e]{1,200}$/.test(trace)) head.set(traceHeader, trace);
      const token = (++this.#serial).toString(36);
      const asked = new Asked(undefined, deadline, trace, resolve, reject);
      asked.onEnd = () => this.#pending.delete(token);
      const pending: Pending = { asked, subject, bytes: empty, head, refusedBy: undefined, asks: 0 };
      this.#pending.set(token, pending);
      const send = (bytes: Uint8Array) => {
        pending.bytes = bytes;
        if (!asked.over) this.#send(token, pending);
      };
      if (packed instanceof Promise) packed.then(send, (thrown) => asked.fail(toFault(thrown)));
      else send(packed);
    });
  }

  /** Ends every question that has no answer yet. */
  failAll(fault: Fault): void {
    for (const { asked } of [...this.#pending.values()]) asked.fail(fault);
  }

  #send(token: string, pending: Pending): void {
    pending.asks++;
    try {
      this.#connection.publish(pending.subject, pending.bytes, { reply: this.#inbox + token, headers: pending.head });
    } catch (thrown) {
      pending.asked.fail(publishFault(thrown, pending.bytes.length));
    }
  }

  #onAnswer(msg: Msg): void {
    const token = msg.subject.slice(this.#inbox.length);
    const pending = this.#pending.get(token);
    // Answers to questions whose deadline has passed.
    if (pending === undefined) return;
    const { asked } = pending;
    if (msg.headers === undefined) {
      try {
        asked.answer(this.#codec.decode(msg.data));
      } catch (thrown) {
        asked.fail(thrown instanceof Fault ? thrown : new Fault("failed", "no answer", thrown));
      }
      return;
    }
    const parcel = msg.headers.get(parcelHeader);
    if (parcel !== "") {
      const fetched = this.#parcels.fetchAnswer(parcel);
      fetched.then(
        (answer) => asked.answer(answer),
        (thrown) => asked.fail(toFault(thrown)),
      );
      return;
    }
    // The server's own word for a subject that nobody is subscribed to.
    if (msg.headers.code === 503) {
      asked.fail(new Fault("nobody", `nobody serves ${pending.subject}`));
      return;
    }
    const fault = readFault(msg.headers.get(faultHeader), msg.data);
    const instance = msg.headers.get(instanceHeader);
    if (fault.code === "busy" && instance !== "" && pending.asks < mostAsks) {
      const another = pending.refusedBy !== undefined && pending.refusedBy !== instance;
      pending.refusedBy ??= instance;
      if (!another) {
        this.#send(token, pending);
        return;
      }
    }
    asked.fail(fault);
  }
}

/** What a publish that throws means: of its arguments only the size is not ours. */
export function publishFault(thrown: unknown, size: number): Fault {
  if (thrown instanceof InvalidArgumentError) {
    return new Fault("too-large", `${size} bytes are more than the NATS server takes (max_payload)`, thrown);
  }
  return new Fault("unavailable", "NATS takes nothing", thrown);
}
