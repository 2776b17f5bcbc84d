// The queue of several machines: BullMQ on the Redis that keeps the truth. What was accepted is in Redis, and on its disk
// as its append-only file says. All keys of one name have one hash tag. Without Redis `add` is `unavailable` at once, and
// workers go on when it is there again.

import { Queue as Bull } from "bullmq";
import { type Codec, openCodec } from "../bus/codec.ts";
import { Fault } from "../fault.ts";
import { type Log, silent } from "../log.ts";
import type { RedisConfig } from "../redis/config.ts";
import { Link } from "../redis/link.ts";
import type { Places } from "../redis/place.ts";
import { checkKey } from "../store/limits.ts";
import { type BullJob, type BullWork, startBullWorker } from "./bull-worker.ts";
import { JobIds, retriedId } from "./job-id.ts";
import { type DeadJob, type Jobs, payloadLimit, type Queue } from "./queue.ts";

export interface BullQueueOptions {
  readonly config: RedisConfig;
  readonly places: Places;
  readonly log?: Log;
  /** ms after which a job whose process has ended is taken by another, or up to twice as long. Default 30 s. */
  readonly lease?: number;
}

/** Whoever works says how often a job is tried; BullMQ wants a number with the job. */
const attempts = 1_000_000;

/** What BullMQ says of a job whose process died each time. */
const startedTooOften = "job started more than allowable limit";

/** Opens the queue, also when Redis does not answer yet. Throws `bad-config` when it refuses us. */
export async function openBullQueue(options: BullQueueOptions): Promise<Queue> {
  const { config, places, log = silent, lease = 30_000 } = options;
  const { prefix } = config;
  const link = new Link(places.truth, { config, log, name: "sluice-jobs" });
  const codec = openCodec();
  const ids = new JobIds();
  const bulls = new Map<string, Bull>();
  const named = new Set<string>();
  const working = new Set<BullWork>();
  const pending = new Set<Promise<unknown>>();
  const namesKey = `${prefix}:queues`;
  let closing: Promise<void> | undefined;

  function check({ name }: Jobs<never>): void {
    if (closing !== undefined) throw new Fault("closed", "the queue is closed");
    if (!/^[\w.-]{1,100}$/.test(name)) throw new Fault("failed", `"${name}" cannot name jobs`);
  }

  function bullOf(name: string): Bull {
    let bull = bulls.get(name);
    if (bull === undefined) {
      bull = new Bull(name, {
        connection: link.client,
        prefix: tagOf(prefix, name),
        streams: { events: { maxLen: 100 } },
        defaultJobOptions: {
          attempts,
          backoff: { type: "custom" },
          removeOnComplete: true,
          removeOnFail: false,
          stackTraceLimit: 1,
        },
      });
      // The link says when Redis is lost.
      bull.on("error", () => {});
      bulls.set(name, bull);
    }
    return bull;
  }

  function forget(name: string): void {
    bulls
      .get(name)
      ?.close()
      .catch(() => undefined);
    bulls.delete(name);
  }

  /** Asks Redis for something about the jobs of a name. */
  async function ask<Result>({ name }: Jobs<never>, action: (bull: Bull) => Promise<Result>): Promise<Result> {
    const asked = link.run(() => action(bullOf(name)));
    pending.add(asked);
    try {
      return await asked;
    } catch (thrown) {
      // A Bull that could not greet the server would never try again.
      if (thrown instanceof Fault && thrown.code === "unavailable") forget(name);
      throw thrown;
    } finally {
      pending.delete(asked);
    }
  }

  async function register(jobs: Jobs<never>): Promise<void> {
    if (named.has(jobs.name)) return;
    await link.run((client) => client.sadd(namesKey, jobs.name));
    named.add(jobs.name);
  }

  async function deadJob(jobs: Jobs<never>, id: string): Promise<BullJob | undefined> {
    return ask(jobs, async (bull) => {
      const job: BullJob | undefined = await bull.getJob(id);
      return job !== undefined && (await job.isFailed()) ? job : undefined;
    });
  }

  async function letGo(): Promise<void> {
    await Promise.allSettled([...pending, ...[...working].map((worker) => worker.stop())]);
    await link.close();
  }

  // A server that was away may have come back without what it had.
  link.client.on("ready", () => named.clear());
  await link.open();
  return {
    async add(jobs, payload, { key, delay = 0 } = {}) {
      check(jobs);
      if (key !== undefined) checkKey(key);
      const data = { payload: encode(codec, payload) };
      const adding = register(jobs).then(() =>
        ask(jobs, async (bull) => {
          const jobId = ids.next();
          const deduplication = key === undefined ? {} : { deduplication: { id: key } };
          const { id } = await bull.add("job", data, { jobId, delay: Math.max(0, Math.ceil(delay)), ...deduplication });
          return id === jobId;
        }),
      );
      pending.add(adding);
      return adding.finally(() => pending.delete(adding));
    },
    async work(jobs, { slots, attempts = 10, backoff = 1000, patience = 600_000 }, handler) {
      check(jobs);
      await register(jobs).catch(() => undefined);
      const worker = startBullWorker({
        name: jobs.name,
        prefix: tagOf(prefix, jobs.name),
        place: places.truth,
        config,
        log,
        lease,
        slots: Math.max(1, Math.trunc(slots) || 1),
        attempts,
        backoff,
        patience,
        // What was added under the name is of its type.
        handler: (payload, attempt) => handler(decode(codec, payload) as never, attempt),
      });
      working.add(worker);
      return {
        async stop() {
          await worker.stop();
          working.delete(worker);
        },
      };
    },
    async count(jobs) {
      check(jobs);
      const counts = await ask(jobs, (bull) => bull.getJobCounts("wait", "delayed", "active", "failed"));
      const { wait = 0, delayed = 0, active = 0, failed = 0 } = counts;
      return { waiting: wait, delayed, atWork: active, dead: failed };
    },
    async names() {
      if (closing !== undefined) throw new Fault("closed", "the queue is closed");
      return (await link.run((client) => client.smembers(namesKey))).sort();
    },
    async dead(jobs, after, count) {
      check(jobs);
      const all = await ask(jobs, async (bull) =>
        bull.getBackend().client.then((client) => client.zrange(bull.toKey("failed"), 0, -1)),
      );
      const chosen = all
        .sort()
        .filter((id) => after === undefined || id > after)
        .slice(0, count);
      const found = await ask(jobs, (bull) => Promise.all(chosen.map((id) => bull.getJob(id))));
      return found.flatMap((job: BullJob | undefined) => (job === undefined ? [] : [deadOf(codec, job)]));
    },
    async retry(jobs, id) {
      check(jobs);
      const job = await deadJob(jobs, id);
      if (job === undefined) return false;
      // Added first and removed then: whatever dies between, the job is there. A second retry adds nothing to the first.
      const { deduplicationId: key, data, timestamp } = job;
      const deduplication = key === undefined ? {} : { deduplication: { id: key } };
      await ask(jobs, (bull) => bull.add("job", data, { jobId: retriedId(id), timestamp, ...deduplication }));
      await ask(jobs, (bull) => bull.remove(id));
      return true;
    },
    async drop(jobs, id) {
      check(jobs);
      if ((await deadJob(jobs, id)) === undefined) return false;
      return (await ask(jobs, (bull) => bull.remove(id))) === 1;
    },
    close() {
      closing ??= letGo();
      return closing;
    },
  };
}

/** A cluster keeps all keys of a queue together: what BullMQ puts before them is their hash tag. */
function tagOf(prefix: string, name: string): string {
  return `{${prefix}:q:${name}}`;
}

/** BullMQ keeps JSON. */
function encode(codec: Codec, payload: unknown): string {
  const bytes = codec.encode(payload);
  if (bytes.length > payloadLimit) {
    throw new Fault("too-large", `a job of ${bytes.length} bytes, the limit is ${payloadLimit}`);
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function decode(codec: Codec, payload: string): unknown {
  return codec.decode(Buffer.from(payload, "base64"));
}

function deadOf(codec: Codec, job: BullJob): DeadJob {
  return {
    id: job.id ?? "",
    key: job.deduplicationId,
    payload: decode(codec, job.data.payload),
    attempts: job.attemptsStarted,
    added: job.timestamp,
    died: job.finishedOn ?? 0,
    fault: job.failedReason === startedTooOften ? "the process that had it ended" : (job.failedReason ?? ""),
  };
}
