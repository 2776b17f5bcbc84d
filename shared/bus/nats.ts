// The bus of many machines: NATS core. Questions go to a queue group, one member of which gets each; nothing is stored.

import { randomUUID } from "node:crypto";
import { Fault } from "../fault.ts";
import { type Log, silent } from "../log.ts";
import type { AskOptions, Bus, Call, ServeOptions, Serving, Subject, Topic } from "./bus.ts";
import { type Codec, openCodec } from "./codec.ts";
import { Delays } from "./delays.ts";
import { Instance, late } from "./instance.ts";
import { NatsAsking } from "./nats-asking.ts";
import { connectPatiently, type NatsPlace } from "./nats-connect.ts";
import { Hearing } from "./nats-hearing.ts";
import { answerMessage } from "./nats-serving.ts";
import { unavailable, watchConnection } from "./nats-watch.ts";
import { type Blobs, Parcels } from "./parcels.ts";
import { Subscriber } from "./subscriber.ts";

export interface NatsBusOptions extends NatsPlace {
  readonly log?: Log;
  /** Store that every client of this bus shares: what is too large for a message travels through it. */
  readonly blobs?: Blobs;
  /** First token of every subject: two installations may share a NATS. Default "sluice". */
  readonly prefix?: string;
}

export interface NatsBus extends Bus {
  readonly connected: boolean;
  /** Events that were not published because there was no connection, or because they were too large. */
  readonly dropped: number;
}

/** ms that letting go waits for a server that may not answer any more. */
const farewell = 2_000;

/** Connects; throws `unavailable` when no server answers in time. From then on it reconnects for ever. */
export async function openNatsBus(options: NatsBusOptions): Promise<NatsBus> {
  const { log = silent, prefix = "sluice" } = options;
  const connection = await connectPatiently(options, log);
  const codec = openCodec();
  const parcels = new Parcels(codec, options.blobs, () => connection.info?.max_payload);
  const delays = new Delays();
  // Below our own prefix, so that one permission covers all that we send and hear.
  const asking = new NatsAsking(connection, codec, parcels, `${prefix}.inbox`);
  const servings = new Set<Serving>();
  let closing: Promise<void> | undefined;
  const state = watchConnection(connection, asking, log);

  function subjectOf(kind: "ask" | "event", name: string): string {
    if (!/^[\w-]+(\.[\w-]+)*$/.test(name)) throw new Fault("failed", `"${name}" cannot name a subject`);
    return `${prefix}.${kind}.${name}`;
  }

  /** Resolves when the server has seen all that was sent, or will not soon. */
  function flushed(): Promise<void> {
    return state.connected ? atMost(farewell, connection.flush()) : Promise.resolve();
  }

  async function enter(hearing: Hearing, work: { drain(): Promise<void> }): Promise<Serving> {
    const stop = async () => {
      servings.delete(serving);
      // Draining the connection instead would close it under handlers that are at work, and lose their answers.
      if (state.connected) await atMost(farewell, hearing.drain());
      else if (!connection.isClosed()) hearing.forget();
      await work.drain();
      await flushed();
    };
    let stopping: Promise<void> | undefined;
    const serving: Serving = {
      stop() {
        stopping ??= stop();
        return stopping;
      },
    };
    servings.add(serving);
    // Whoever is told of it now may ask at once.
    await flushed();
    return serving;
  }

  function assertOpen(): void {
    if (closing !== undefined || state.closed) throw new Fault("closed", "the bus is closed");
  }

  return {
    get connected() {
      return state.connected;
    },
    get dropped() {
      return state.dropped;
    },
    async ask<Question, Answer>(subject: Subject<Question, Answer>, question: Question, asked: AskOptions) {
      if (state.closed) throw new Fault("closed", "the bus is closed");
      if (!(asked.deadline > Date.now())) throw late();
      if (!state.connected) throw unavailable();
      // The answer is what a handler of the same subject gave: of the type that the subject names.
      return (await asking.ask(subjectOf("ask", subject.name), question, asked)) as Answer;
    },
    async serve<Question, Answer>(
      subject: Subject<Question, Answer>,
      { slots }: ServeOptions,
      handler: (question: Question, call: Call) => Promise<Answer>,
    ) {
      assertOpen();
      const id = randomUUID();
      const instance = new Instance(slots, (question, call) => handler(question as Question, call));
      const served = { instance, id, codec, parcels, delays };
      const hearing = new Hearing(connection, subjectOf("ask", subject.name), "serve", (msg) => {
        answerMessage(msg, served);
      });
      return enter(hearing, instance);
    },
    publish<Event>(topic: Topic<Event>, event: Event) {
      if (state.closed || topic.reach === "workers") return;
      try {
        if (!state.connected) throw unavailable();
        connection.publish(subjectOf("event", topic.name), codec.encode(event));
      } catch (thrown) {
        state.dropped++;
        log.debug({ err: thrown, topic: topic.name }, "an event was dropped");
      }
    },
    async subscribe<Event>(topic: Topic<Event>, handler: (event: Event) => void) {
      assertOpen();
      const subscriber = new Subscriber(topic.name, (event) => handler(event as Event), log);
      const hearing = new Hearing(connection, subjectOf("event", topic.name), undefined, (msg) => {
        hear(subscriber, codec, msg.data, log);
      });
      return enter(hearing, subscriber);
    },
    close() {
      closing ??= letGo();
      return closing;
    },
  };

  async function letGo(): Promise<void> {
    // The newest first: what was started later may still need to ask what was there before it.
    for (const serving of [...servings].reverse()) await serving.stop();
    await flushed();
    state.closed = true;
    asking.failAll(new Fault("closed", "the bus is closed"));
    asking.stop();
    await connection.close();
  }
}

function hear(subscriber: Subscriber, codec: Codec, bytes: Uint8Array, log: Log): void {
  try {
    subscriber.tell(codec.decode(bytes));
  } catch (thrown) {
    log.warn({ err: thrown }, "an event that cannot be read");
  }
}

/** Resolves with the promise, or after so many ms without it. Its failure is an end as well. */
function atMost(ms: number, promise: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    promise.then(end, end);
  });
}
