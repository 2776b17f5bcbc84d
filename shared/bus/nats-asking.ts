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
import {
  faultHeader,
  instanceHeader,
  leftHeader,
  parcelHeader,
  readFault,
  sentHeader,
  traceHeader,
} from "./nats-headers.ts";
import { Hearing } from "./nats-hearing.ts";
import type { Parcels } from "./parcels.ts";
import { Pulse } from "./pulse.ts";

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

/**
 * ms after a server is reached in which nobody may serve a subject only because they are still on their way: after a restart
 * of the server all clients come back one by one, and a mail must not go without its checks for that.
 */
const settling = 3_000;
/** ms before a question that nobody took is asked again. */
const pause = 100;

export class NatsAsking {
  readonly #connection: NatsConnection;
  readonly #codec: Codec;
  readonly #parcels: Parcels;
  readonly #inbox: string;
  readonly #pending = new Map<string, Pending>();
  readonly #pulse: Pulse;
  #serial = 0;
  /** On the clock of `performance`. */
  #settledFrom = 0;

  constructor(connection: NatsConnection, codec: Codec, parcels: Parcels, inboxPrefix: string) {
    this.#connection = connection;
    this.#codec = codec;
    this.#parcels = parcels;
    this.#inbox = `${createInbox(inboxPrefix)}.`;
    this.#pulse = new Pulse(connection, () => this.#pending.size > 0);
    this.reached();
    new Hearing(connection, `${this.#inbox}*`, undefined, (msg) => this.#hear(msg));
  }

  /** A server was reached, for the first time or again. */
  reached(): void {
    this.#pulse.beat();
    this.#settledFrom = performance.now() + settling;
  }

  stop(): void {
    this.#pulse.stop();
  }

  ask(subject: string, question: unknown, { deadline, trace }: AskOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const packed = this.#parcels.pack(question);
      const head = headers();
      // A trace is ASCII of a known length; anything else would be an injected header or a waste.
      if (trace !== undefined && /^[\x21-\x7e]{1,200}$/.test(trace)) head.set(traceHeader, trace);
      const token = (++this.#serial).toString(36);
      const asked = new Asked(undefined, deadline, trace, resolve, (fault) => reject(this.#blame(fault)));
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

  /** What is late because nothing at all comes from the server says nothing of whoever was asked. */
  #blame(fault: Fault): Fault {
    return fault.code === "late" && this.#pulse.silent ? new Fault("unavailable", "NATS is silent", fault) : fault;
  }

  #send(token: string, pending: Pending): void {
    pending.head.set(leftHeader, String(pending.asked.deadline - Date.now()));
    pending.head.set(sentHeader, performance.now().toFixed(1));
    try {
      this.#connection.publish(pending.subject, pending.bytes, { reply: this.#inbox + token, headers: pending.head });
    } catch (thrown) {
      pending.asked.fail(publishFault(thrown, pending.bytes.length));
    }
  }

  /** Must not throw, whatever comes: the client would read nothing more. Headers are decoded where they are looked at. */
  #hear(msg: Msg): void {
    this.#pulse.beat();
    const token = msg.subject.slice(this.#inbox.length);
    const pending = this.#pending.get(token);
    // Answers to questions whose deadline has passed.
    if (pending === undefined) return;
    try {
      this.#onAnswer(msg, token, pending);
    } catch (thrown) {
      pending.asked.fail(thrown instanceof Fault ? thrown : new Fault("failed", "no answer", thrown));
    }
  }

  #onAnswer(msg: Msg, token: string, pending: Pending): void {
    const { asked } = pending;
    if (msg.headers === undefined) {
      asked.answer(this.#codec.decode(msg.data));
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
      const isSettled = performance.now() >= this.#settledFrom || Date.now() + 2 * pause >= asked.deadline;
      if (isSettled) asked.fail(new Fault("nobody", `nobody serves ${pending.subject}`));
      else setTimeout(() => asked.over || this.#send(token, pending), pause);
      return;
    }
    const fault = readFault(msg.headers.get(faultHeader), msg.data);
    const instance = msg.headers.get(instanceHeader);
    pending.asks++;
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
