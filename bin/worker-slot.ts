// The place of one worker, as the parent sees it: whichever process fills it, and what becomes of one that dies, hangs or
// grows too large.

import type { Serializable } from "node:child_process";
import cluster, { type Worker } from "node:cluster";
import type { Log } from "../shared/log.ts";
import { openPause } from "./pause.ts";
import { numberVariable, type Order, type Said, type Summary } from "./worker.ts";

export interface SlotOptions {
  /** ms without a sign of life after which a worker is killed. */
  readonly patience: number;
  /** Resident bytes above which a worker is replaced. */
  readonly maxMemory: number | undefined;
}

/** ms that a worker may take until it is ready. */
const longestStart = 60_000;
/** ms on top of the longest graceful end before a worker is killed. */
const lastResort = 5_000;
/** Exit code of a worker that ended by a signal or a defect before the filter was ready (sysexits.h: EX_SOFTWARE). */
const defect = 70;

/** A worker process while it lives. */
interface Live {
  readonly worker: Worker;
  readonly started: number;
  /** When it last gave a sign. */
  seen: number;
  memory: number;
  ready: boolean;
  longestClose: number;
  leaving: boolean;
}

export class Slot {
  /** What the first process of this place says when it takes mail. */
  readonly ready: Promise<Summary>;
  readonly #number: number;
  readonly #options: SlotOptions;
  readonly #log: Log;
  readonly #join: (worker: Worker) => void;
  /** Told of the exit code when the very first process ends before it was ready; then it is not started again. */
  readonly #giveUp: ((code: number) => void) | undefined;
  readonly #firstReady = Promise.withResolvers<Summary>();
  readonly #pause = openPause();
  readonly #all = new Set<Live>();
  #current: Live | undefined;
  /** Starts in the place of one that has grown too large, which goes on until this one is ready. */
  #successor: Live | undefined;
  #noSuccessorBefore = 0;
  #restart: NodeJS.Timeout | undefined;
  #wasReady = false;
  #stopping = false;
  #empty = Promise.withResolvers<void>();

  constructor(
    number: number,
    options: SlotOptions,
    log: Log,
    join: (worker: Worker) => void,
    giveUp?: (code: number) => void,
  ) {
    this.#number = number;
    this.#options = options;
    this.#log = log.child({ worker: number });
    this.#join = join;
    this.#giveUp = giveUp;
    this.ready = this.#firstReady.promise;
    this.#current = this.#start();
  }

  get pid(): number | undefined {
    return this.#current?.worker.process.pid;
  }

  /** Whether one of its processes takes connections. */
  get takesMail(): boolean {
    return [...this.#all].some((live) => live.ready && !live.leaving && !live.worker.isDead());
  }

  order(sluiceOrder: Order["sluiceOrder"]): void {
    for (const live of this.#all) if (live.ready) tell(live, { sluiceOrder });
  }

  /** Kills what hangs. `slept`: this process, and so the machine, stood still, and nobody could give a sign. */
  look(slept: boolean): void {
    const now = performance.now();
    for (const live of this.#all) {
      if (slept) live.seen = now;
      const workerPid = live.worker.process.pid;
      if (live.ready && now - live.seen > this.#options.patience) {
        this.#log.error({ workerPid, silent: Math.round(now - live.seen) }, "the worker hangs: killed");
        live.worker.process.kill("SIGKILL");
        // It may take a moment to go; once is enough to say so.
        live.seen = Number.POSITIVE_INFINITY;
      } else if (!live.ready && now - live.started > longestStart) {
        this.#log.error({ workerPid }, "the worker does not get ready: killed");
        live.worker.process.kill("SIGKILL");
      }
    }
  }

  /** Resolves when every process of this place is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#restart);
    if (this.#all.size === 0) return;
    for (const live of this.#all) this.#retire(live);
    await this.#empty.promise;
  }

  #start(): Live {
    const now = performance.now();
    const worker = fork(this.#number);
    const live: Live = {
      worker,
      started: now,
      seen: now,
      memory: 0,
      ready: false,
      longestClose: 0,
      leaving: false,
    };
    this.#all.add(live);
    this.#join(worker);
    worker.on("message", (message: unknown) => {
      if (isSaid(message)) this.#hear(live, message);
    });
    worker.on("error", (err) => this.#log.warn({ err }, "the channel to the worker"));
    worker.once("exit", (code: number | null, signal: string | null) => this.#onExit(live, code, signal));
    return live;
  }

  #hear(live: Live, said: Said): void {
    if (said.sluiceWorker === "ready") this.#onReady(live, said);
    else if (said.sluiceWorker === "alive") {
      if (live.seen !== Number.POSITIVE_INFINITY) live.seen = performance.now();
      live.memory = said.memory;
      this.#weigh(live);
    }
  }

  #onReady(live: Live, { summary, longestClose }: Extract<Said, { sluiceWorker: "ready" }>): void {
    live.ready = true;
    live.seen = performance.now();
    live.longestClose = longestClose;
    if (this.#stopping) {
      live.leaving = false;
      this.#retire(live);
      return;
    }
    if (live === this.#successor) {
      const before = this.#current;
      this.#current = live;
      this.#successor = undefined;
      if (before !== undefined) this.#retire(before);
    }
    const workerPid = live.worker.process.pid;
    if (this.#wasReady) this.#log.info({ workerPid }, "a new worker is ready");
    else this.#log.debug({ workerPid }, "the worker is ready");
    this.#wasReady = true;
    this.#firstReady.resolve(summary);
  }

  /** Replaces a worker that is too large, before something worse does. */
  #weigh(live: Live): void {
    const { maxMemory } = this.#options;
    if (maxMemory === undefined || live.memory <= maxMemory || this.#stopping) return;
    if (live !== this.#current || !live.ready || this.#successor !== undefined) return;
    const now = performance.now();
    if (now < this.#noSuccessorBefore) return;
    // One that is too large from the start must not be replaced without end.
    this.#noSuccessorBefore = now + this.#pause.after(now - live.started);
    const megabytes = Math.round(live.memory / 1024 / 1024);
    this.#log.warn({ workerPid: live.worker.process.pid, megabytes }, "the worker is too large: replaced");
    this.#successor = this.#start();
  }

  /** Asks a process to finish and go, and makes it go when it does not. */
  #retire(live: Live): void {
    if (live.leaving) return;
    live.leaving = true;
    // One that is not ready has no mail.
    if (live.ready) tell(live, { sluiceOrder: "stop" });
    else live.worker.process.kill("SIGTERM");
    const kill = setTimeout(() => {
      this.#log.error({ workerPid: live.worker.process.pid }, "the worker does not finish: killed");
      live.worker.process.kill("SIGKILL");
    }, live.longestClose + lastResort);
    live.worker.once("exit", () => clearTimeout(kill));
  }

  #onExit(live: Live, code: number | null, signal: string | null): void {
    this.#all.delete(live);
    const expected = live.leaving || this.#stopping;
    if (live === this.#successor) this.#successor = undefined;
    if (this.#stopping && this.#all.size === 0) this.#empty.resolve();
    if (expected) return;
    const workerPid = live.worker.process.pid;
    if (!this.#wasReady && this.#giveUp !== undefined) {
      if (code === null || code < 64)
        this.#log.error({ workerPid, code, signal }, "the first worker ended in its start");
      this.#giveUp(code === null || code < 64 ? defect : code);
      return;
    }
    const pause = this.#pause.after(performance.now() - live.started);
    this.#log.error({ workerPid, code, signal, pause }, "a worker ended: another one starts");
    if (live !== this.#current) {
      // The one that it was to replace is still there.
      this.#noSuccessorBefore = performance.now() + pause;
      return;
    }
    if (this.#successor !== undefined) {
      this.#current = this.#successor;
      this.#successor = undefined;
      return;
    }
    this.#current = undefined;
    this.#restart = setTimeout(() => {
      this.#current = this.#start();
    }, pause);
  }
}

const ownMask = process.umask();
/** Sockets of the file system are made here, and nobody may connect before the worker has set their owner and mode. */
const socketMask = 0o177;

function fork(number: number): Worker {
  process.umask(ownMask);
  const worker = cluster.fork({ [numberVariable]: number });
  // By now the log is open, and nothing but sockets is made here.
  worker.once("online", () => process.umask(socketMask));
  return worker;
}

function tell(live: Live, order: Order): void {
  const message: Serializable = { ...order };
  if (live.worker.isConnected()) live.worker.process.send(message, () => {});
}

function isSaid(message: unknown): message is Said {
  return typeof message === "object" && message !== null && "sluiceWorker" in message;
}
