// The queue of several machines: BullMQ on the Redis that keeps the truth. What was accepted is in Redis, and on its disk
// as its append-only file says. All keys of one name have one hash tag. Without Redis `add` is `unavailable` at once, and
// workers go on when it is there again.

import { asBuffer } from "../as-buffer.ts";
import { type Codec, openCodec } from "../bus/codec.ts";
import { Fault } from "../fault.ts";
import { type Log, silent } from "../log.ts";
import type { RedisConfig } from "../redis/config.ts";
import { Link } from "../redis/link.ts";
import type { Places } from "../redis/place.ts";
import { checkKey } from "../store/limits.ts";
import { type BullJob, type BullWork, startBullWorker } from "./bull-worker.ts";
import { Bulls, tagOf } from "./bulls.ts";
import { JobIds, retriedId } from "./job-id.ts";
import { checkName, type DeadJob, encodePayload, type Jobs, processEnded, type Queue, withDefaults } from "./queue.ts";

export interface BullQueueOptions {
  readonly config: RedisConfig;
  readonly places: Places;
  readonly log?: Log;
  /** ms after which a job whose process has ended is taken by another, or up to twice as long. Default 30 s. */
  readonly lease?: number;
}

/** What BullMQ says of a job whose process died each time. */
const startedTooOften = "job started more than allowable limit";

/** Opens the queue, also when Redis does not answer yet. Throws `bad-config` when it refuses us. */
export async function openBullQueue(options: BullQueueOptions): Promise<Queue> {
  const { config, places, log = silent, lease = 30_000 } = options;
  const link = new Link(places.truth, { config, log, name: "sluice-jobs" });
  const bulls = new Bulls(link, config.prefix);
  const codec = openCodec();
  const ids = new JobIds();
  const working = new Set<BullWork>();
  let closing: Promise<void> | undefined;

  function checkOpen(): void {
    if (closing !== undefined) throw new Fault("closed", "the queue is closed");
  }

  function nameOf(jobs: Jobs<never>): string {
    checkOpen();
    checkName(jobs);
    return jobs.name;
  }

  async function deadJob(name: string, id: string): Promise<BullJob | undefined> {
    return bulls.ask(name, async (bull) => {
      const job: BullJob | undefined = await bull.getJob(id);
      return job !== undefined && (await job.isFailed()) ? job : undefined;
    });
  }

  async function letGo(): Promise<void> {
    await Promise.allSettled([bulls.settled(), ...[...working].map((worker) => worker.stop())]);
    await link.close();
  }

  await link.open();
  return {
    async add(jobs, payload, { key, delay = 0 } = {}) {
      const name = nameOf(jobs);
      if (key !== undefined) checkKey(key);
      const data = { payload: encode(codec, payload) };
      return bulls.askListed(name, async (bull) => {
        const jobId = ids.next();
        const wait = Math.max(0, Math.ceil(delay));
        const { id } = await bull.add("job", data, { jobId, delay: wait, ...deduplicated(key) });
        return id === jobId;
      });
    },
    async work(jobs, options, handler) {
      const name = nameOf(jobs);
      await bulls.list(name).catch(() => undefined);
      const worker = startBullWorker({
        name,
        prefix: tagOf(config.prefix, name),
        place: places.truth,
        config,
        log,
        lease,
        ...withDefaults(options),
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
      const counts = await bulls.ask(nameOf(jobs), (bull) => bull.getJobCounts("wait", "delayed", "active", "failed"));
      const { wait = 0, delayed = 0, active = 0, failed = 0 } = counts;
      return { waiting: wait, delayed, atWork: active, dead: failed };
    },
    async names() {
      checkOpen();
      return (await bulls.names()).sort();
    },
    async dead(jobs, after, count) {
      const name = nameOf(jobs);
      const all = await bulls.ask(name, async (bull) =>
        bull.getBackend().client.then((client) => client.zrange(bull.toKey("failed"), 0, -1)),
      );
      const chosen = all
        .sort()
        .filter((id) => after === undefined || id > after)
        .slice(0, count);
      const found = await bulls.ask(name, (bull) => Promise.all(chosen.map((id) => bull.getJob(id))));
      return found.flatMap((job: BullJob | undefined) => (job === undefined ? [] : [deadOf(codec, job)]));
    },
    async retry(jobs, id) {
      const name = nameOf(jobs);
      const job = await deadJob(name, id);
      if (job === undefined) return false;
      // Added first and removed then: whatever dies between, the job is there. A second retry adds nothing to the first.
      const { deduplicationId: key, data, timestamp } = job;
      const options = { jobId: retriedId(id), timestamp, ...deduplicated(key) };
      await bulls.ask(name, (bull) => bull.add("job", data, options));
      await bulls.ask(name, (bull) => bull.remove(id));
      return true;
    },
    async drop(jobs, id) {
      const name = nameOf(jobs);
      if ((await deadJob(name, id)) === undefined) return false;
      return (await bulls.ask(name, (bull) => bull.remove(id))) === 1;
    },
    close() {
      closing ??= letGo();
      return closing;
    },
  };
}

function deduplicated(key: string | undefined) {
  return key === undefined ? {} : { deduplication: { id: key } };
}

/** BullMQ keeps JSON. */
function encode(codec: Codec, payload: unknown): string {
  return asBuffer(encodePayload(codec, payload)).toString("base64");
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
    fault: job.failedReason === startedTooOften ? processEnded : (job.failedReason ?? ""),
  };
}
