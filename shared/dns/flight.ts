// One query on its way: sent, sent again, to the next server, over TCP when the reply was cut, until it is answered.

import type { Upstream } from "../upstream.ts";
import type { RecordType } from "./dns.ts";
import type { NameServers } from "./name-servers.ts";
import { writeQuery } from "./query-message.ts";
import { failed, type Understood, understand } from "./reply-answer.ts";
import { readReply } from "./reply-message.ts";
import { askOverTcp, type TcpQuery } from "./tcp.ts";
import type { Listener, Sent } from "./udp.ts";

export interface FlightPlan {
  readonly servers: NameServers;
  /** ms to wait for a reply. */
  readonly timeout: number;
  readonly retransmits: number;
  readonly dnssec: boolean;
  /** Whether answers and failures count for and against the servers. Default: they do. */
  readonly counts?: boolean;
}

/** Replies that a server gives because of the message, not of the name: worth trying without EDNS. */
const ednsRefusals: ReadonlySet<string> = new Set(["FORMERR", "NOTIMP", "BADVERS"]);

export class Flight<Type extends RecordType> {
  readonly #name: string;
  readonly #type: Type;
  readonly #plan: FlightPlan;
  readonly #land: (understood: Understood<Type>) => void;
  readonly #tried = new Set<Upstream>();
  readonly #sent: Sent[] = [];
  #tcp: TcpQuery | undefined;
  #timer: NodeJS.Timeout | undefined;
  #left: number;
  #isOver = false;
  #isHeard = false;

  /** `land` is called once, later. */
  constructor(name: string, type: Type, plan: FlightPlan, land: (understood: Understood<Type>) => void) {
    this.#name = name;
    this.#type = type;
    this.#plan = plan;
    this.#land = land;
    this.#left = plan.retransmits + 1;
  }

  /** Whether a server has said anything, be it that it cannot help. */
  get isHeard(): boolean {
    return this.#isHeard;
  }

  start(): void {
    if (!this.#isOver) this.#attempt("no name server");
  }

  /** Ends it; nobody hears of it any more. */
  abandon(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#tcp?.forget();
    for (const sent of this.#sent) sent.forget();
  }

  /** Asks the next server; when there have been enough attempts, `reason` is the answer. */
  #attempt(reason: string): void {
    const { upstreams } = this.#plan.servers;
    if (!this.#hasOthers()) this.#tried.clear();
    const upstream = this.#left > 0 ? upstreams.pick("", this.#tried) : undefined;
    if (upstream === undefined) {
      this.#fail(reason);
      return;
    }
    this.#left -= 1;
    this.#tried.add(upstream);
    const address = upstream.address();
    if (typeof address === "string") {
      this.#send(upstream, address);
      return;
    }
    address.then(
      (found) => this.#isOver || this.#send(upstream, found),
      () => {
        this.#blame(upstream);
        this.#next("no address of the name server");
      },
    );
  }

  #send(upstream: Upstream, address: string): void {
    const { servers, dnssec } = this.#plan;
    const edns = !servers.plain.has(address);
    let query: Buffer | undefined;
    const write = (id: number) => {
      query = writeQuery(id, this.#name, this.#type, { edns, dnssec });
      return query;
    };
    const listener: Listener = {
      hear: (message) => query !== undefined && this.#hear(message, query, upstream, address, edns),
      unreachable: () => this.#unreachable(upstream),
    };
    this.#sent.push(servers.over(address, upstream.port).send(write, listener));
    this.#wait(upstream);
  }

  /** Then the query is sent again. */
  #wait(upstream: Upstream): void {
    clearTimeout(this.#timer);
    const timer = setTimeout(() => {
      // A large mail may have kept this process from reading a reply that is long there: it gets one turn to be read.
      setImmediate(() => {
        if (!this.#isOver && this.#timer === timer) this.#giveUp(upstream);
      });
    }, this.#plan.timeout);
    this.#timer = timer;
  }

  #giveUp(upstream: Upstream): void {
    this.#tcp?.forget();
    this.#tcp = undefined;
    this.#blame(upstream);
    if (this.#isHopeless()) this.#fail("timeout");
    else this.#attempt("timeout");
  }

  /** Nobody answers any more, and each was asked. */
  #isHopeless(): boolean {
    const { upstreams } = this.#plan.servers;
    return !upstreams.isAlive && upstreams.all.every((upstream) => this.#tried.has(upstream));
  }

  #unreachable(upstream: Upstream): void {
    if (this.#isOver) return;
    this.#blame(upstream);
    if (this.#isHopeless() || this.#hasOthers()) {
      this.#next("unreachable");
      return;
    }
    // It may be back soon: a restart takes no longer than the retransmits.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#attempt("unreachable"), this.#plan.timeout);
  }

  #hasOthers(): boolean {
    return this.#plan.servers.upstreams.all.some((upstream) => !this.#tried.has(upstream));
  }

  /** Goes to a server that was not asked yet; `reason` is the answer when there is none. */
  #next(reason: string): void {
    if (this.#isOver) return;
    clearTimeout(this.#timer);
    if (this.#hasOthers()) this.#attempt(reason);
    else this.#fail(reason);
  }

  #hear(message: Buffer, query: Buffer, upstream: Upstream, address: string, edns: boolean): boolean {
    const reply = readReply(message, query, this.#name);
    if (reply === undefined) return false;
    if (this.#isOver) return true;
    this.#isHeard = true;
    if (reply instanceof Error) {
      this.#blame(upstream);
      this.#next(reply.message);
      return true;
    }
    if (reply.truncated) {
      this.#praise(upstream);
      if (this.#tcp === undefined) this.#askOverTcp(query, upstream, address);
      return true;
    }
    const understood = understand(reply, message, this.#name, this.#type, this.#plan.dnssec);
    const { answer } = understood;
    if (answer.status !== "failed") {
      this.#praise(upstream);
      this.#end(understood);
    } else if (edns && ednsRefusals.has(answer.reason)) {
      this.#plan.servers.plain.add(address);
      this.#send(upstream, address);
    } else {
      // SERVFAIL tells of the name, as a rule; the rest of the server.
      if (answer.reason === "SERVFAIL") this.#praise(upstream);
      else this.#blame(upstream);
      this.#next(answer.reason);
    }
    return true;
  }

  #askOverTcp(query: Buffer, upstream: Upstream, address: string): void {
    this.#wait(upstream);
    this.#tcp = askOverTcp(address, upstream.port, query, (message) => {
      this.#tcp = undefined;
      const understood = this.#readWhole(message, query);
      if (understood.answer.status === "failed") this.#next(understood.answer.reason);
      else this.#end(understood);
    });
  }

  #readWhole(message: Buffer | undefined, query: Buffer): Understood<Type> {
    const failure = (reason: string): Understood<Type> => ({ answer: failed(reason), ttl: undefined });
    const reply = message && readReply(message, query, this.#name);
    if (message === undefined || reply === undefined) return failure("no reply over TCP");
    if (reply instanceof Error) return failure(reply.message);
    if (reply.truncated) return failure("malformed reply");
    return understand(reply, message, this.#name, this.#type, this.#plan.dnssec);
  }

  #blame(upstream: Upstream): void {
    if (this.#plan.counts !== false) upstream.failed();
  }

  #praise(upstream: Upstream): void {
    if (this.#plan.counts !== false) upstream.succeeded();
  }

  #fail(reason: string): void {
    this.#end({ answer: failed(reason), ttl: undefined });
  }

  #end(understood: Understood<Type>): void {
    if (this.#isOver) return;
    this.abandon();
    this.#land(understood);
  }
}
