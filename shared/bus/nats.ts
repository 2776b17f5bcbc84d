// The bus of many machines: NATS core. Questions go to a queue group, one member of which gets each; nothing is stored.

import { randomUUID } from "node:crypto";
import { connect, type NatsConnection, type NodeConnectionOptions } from "@nats-io/transport-node";
import { Fault } from "../fault.ts";
import { type Log, silent } from "../log.ts";
import type { AskOptions, Bus, Call, ServeOptions, Serving, Subject, Topic } from "./bus.ts";
import { type Codec, openCodec } from "./codec.ts";
import { Delays } from "./delays.ts";
import { Instance, late } from "./instance.ts";
import { NatsAsking } from "./nats-asking.ts";
import { Hearing } from "./nats-hearing.ts";
import { answerMessage } from "./nats-serving.ts";
import { type Blobs, Parcels } from "./parcels.ts";
import { Subscriber } from "./subscriber.ts";

export interface NatsBusOptions {
  /** "host:port" of the servers of one cluster, without who we are: nats-access.ts. */
  readonly servers: readonly string[];
  /** What this client is called in the server's monitoring. */
  readonly name: string;
  readonly log?: Log;
  /** Store that every client of this bus shares: what is too large for a message travels through it. */
  readonly blobs?: Blobs;
  /** First token of every subject: two installations may share a NATS. Default "sluice". */
  readonly prefix?: string;
  /** ms to wait for a server at the start: services start in any order. Default 30 s. */
  readonly patience?: number;
  /** Who we are, and how the server proves who it is. */
  readonly access?: Pick<NodeConnectionOptions, "user" | "pass" | "token" | "tls" | "authenticator">;
}

export interface NatsBus extends Bus {
  readonly connected: boolean;
  /** Events that were not published because there was no connection, or because they were too large. */
  readonly dropped: number;
}

/** Reasons of the server that are told; their number is bounded by the subjects that we use, and by this. */
const mostRefusals = 100;
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
  let connected = true;
  let closed = false;
  let closing: Promise<void> | undefined;
  let dropped = 0;
  const refusals = new Set<string>();
  void watch();

  function subjectOf(kind: "ask" | "event", name: string): string {
    if (!/^[\w-]+(\.[\w-]+)*$/.test(name)) throw new Fault("failed", `"${name}" cannot name a subject`);
    return `${prefix}.${kind}.${name}`;
  }

  async function watch(): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === "disconnect") {
        // A server that refuses us says so twice a second.
        if (connected) log.warn({ server: status.server }, "lost the connection to NATS");
        connected = false;
        // The answers were meant for a connection that is no more.
        asking.failAll(unavailable());
      } else if (status.type === "reconnect") {
        asking.reached();
        refusals.clear();
        if (!connected) log.info({ server: status.server, dropped }, "connected to NATS again");
        connected = true;
      } else if (status.type === "error") tellRefusal(status.error.message);
      else if (status.type === "slowConsumer") log.warn("NATS sends faster than this process reads");
    }
    connected = false;
    closed = true;
    asking.failAll(new Fault("closed", "the bus is closed"));
  }

  /** Each reason once for a connection: a right that we lack is refused with every message. */
  function tellRefusal(reason: string): void {
    if (refusals.has(reason) || refusals.size >= mostRefusals) return;
    refusals.add(reason);
    log.error({ reason }, "NATS refused something");
  }

  /** Resolves when the server has seen all that was sent, or will not soon. */
  function flushed(): Promise<void> {
    return connected ? atMost(farewell, connection.flush()) : Promise.resolve();
  }

  async function enter(hearing: Hearing, work: { drain(): Promise<void> }): Promise<Serving> {
    const stop = async () => {
      servings.delete(serving);
      // Draining the connection instead would close it under handlers that are at work, and lose their answers.
      if (connected) await atMost(farewell, hearing.drain());
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
    if (closing !== undefined || closed) throw new Fault("closed", "the bus is closed");
  }

  return {
    get connected() {
      return connected;
    },
    get dropped() {
      return dropped;
    },
    async ask<Question, Answer>(subject: Subject<Question, Answer>, question: Question, asked: AskOptions) {
      if (closed) throw new Fault("closed", "the bus is closed");
      if (!(asked.deadline > Date.now())) throw late();
      if (!connected) throw unavailable();
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
      if (closed || topic.reach === "workers") return;
      try {
        if (!connected) throw unavailable();
        connection.publish(subjectOf("event", topic.name), codec.encode(event));
      } catch (thrown) {
        dropped++;
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
    closed = true;
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

async function connectPatiently(options: NatsBusOptions, log: Log): Promise<NatsConnection> {
  const { servers, name, access = {}, patience = 30_000 } = options;
  const until = Date.now() + patience;
  let said = "";
  for (;;) {
    try {
      return await connect({
        ...access,
        servers: [...servers],
        name,
        timeout: 5_000,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 250,
        reconnectJitter: 250,
        // Wrong credentials may be put right at the server: giving up would need a restart here too.
        ignoreAuthErrorAbort: true,
        // A server that is cut off, not dead, is noticed after two of these.
        pingInterval: 5_000,
        maxPingOut: 2,
        // A stack for every message costs more than the message.
        noAsyncTraces: true,
      });
    } catch (thrown) {
      const reason = reasonOf(thrown);
      if (Date.now() >= until) throw new Fault("unavailable", `no NATS at ${servers.join(", ")}: ${reason}`, thrown);
      if (reason !== said) log.warn({ reason, servers }, "NATS does not answer, trying again");
      said = reason;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** For people. What lies below says more: of a certificate that nobody vouches for, or of a port that is closed. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { message, cause } = thrown;
  return cause instanceof Error && cause.message !== message ? `${message} (${cause.message})` : message;
}

function unavailable(): Fault {
  return new Fault("unavailable", "no connection to NATS");
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
