// The queue of one machine: LMDB in a folder, which several processes may share. What was accepted survives a kill.

import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { open } from "lmdb";
import { openCodec } from "../bus/codec.ts";
import { ensureFolder } from "../ensure-folder.ts";
import { Fault, toFault } from "../fault.ts";
import { type Log, silent } from "../log.ts";
import { checkKey } from "../store/limits.ts";
import { type Bytes, mapSize, Writer } from "../store/writer.ts";
import { JobRecords, namesOfJobs } from "./job-records.ts";
import {
  type Attempt,
  checkName,
  encodePayload,
  type Jobs,
  type Queue,
  type WorkOptions,
  withDefaults,
} from "./queue.ts";
import { Worker } from "./worker.ts";

export interface LocalQueueOptions {
  /** Made when it is missing; the store's own folder is a good one. On a local disk. */
  readonly folder: string;
  /** ms since 1970. */
  readonly now?: () => number;
  readonly log?: Log;
  /** ms after which a job whose process has ended is taken by another. Default 30 s. */
  readonly lease?: number;
  /** ms between two looks for jobs of other processes, and for those whose time has come. Default 250. */
  readonly poll?: number;
}

/** Opens the queue of a folder; throws `unavailable` when the folder cannot be used. */
export async function openLocalQueue(options: LocalQueueOptions): Promise<Queue> {
  const { folder, now = Date.now, log = silent, lease = 30_000, poll = 250 } = options;
  const root = await openFile(folder);
  const db: Bytes = root.openDB({ name: "jobs", encoding: "binary", keyEncoding: "binary" });
  const writer = new Writer(root);
  // A killed process leaves its view of the file behind, for which LMDB would keep every page.
  const readerCheck = setInterval(() => root.readerCheck(), 60_000).unref();
  const codec = openCodec();
  const owner = randomUUID();
  const workers = new Set<Worker>();
  let closing: Promise<void> | undefined;
  let closed = false;

  function records(jobs: Jobs<never>): JobRecords {
    if (closed) throw new Fault("closed", "the queue is closed");
    checkName(jobs);
    return new JobRecords(db, jobs.name);
  }

  /** LMDB keeps its view of the file for a ms or so: who looks after another process has written must see it. */
  function recordsNow(jobs: Jobs<never>): JobRecords {
    const known = records(jobs);
    db.resetReadTxn();
    return known;
  }

  async function letGo(): Promise<void> {
    await Promise.all([...workers].map((worker) => worker.stop()));
    closed = true;
    clearInterval(readerCheck);
    writer.close();
    await root.close();
  }

  return {
    async add(jobs, payload, { key, delay = 0 } = {}) {
      const job = records(jobs);
      if (key !== undefined) checkKey(key);
      const bytes = encodePayload(codec, payload);
      const added = await writer.run(() => {
        const time = now();
        return job.add(
          { ...(key === undefined ? {} : { key }), payload: bytes, attempts: 0, added: time },
          time + delay,
        );
      });
      for (const worker of workers) if (worker.name === jobs.name) worker.look();
      return added;
    },
    async work<Payload>(
      jobs: Jobs<Payload>,
      options: WorkOptions,
      handler: (payload: Payload, attempt: Attempt) => Promise<unknown>,
    ) {
      const known = records(jobs);
      if (closing !== undefined) throw new Fault("closed", "the queue is closed");
      const worker = new Worker({
        name: jobs.name,
        records: known,
        writer,
        // Two workers of one process are two owners: each renews and ends only what it took itself.
        owner: `${owner}-${randomUUID()}`,
        ...withDefaults(options),
        lease,
        poll,
        now,
        log,
        handler: (payload, attempt) => handler(codec.decode(payload) as Payload, attempt),
      });
      workers.add(worker);
      worker.look();
      return {
        async stop() {
          await worker.stop();
          workers.delete(worker);
        },
      };
    },
    async count(jobs) {
      return recordsNow(jobs).count(now());
    },
    async names() {
      if (closed) throw new Fault("closed", "the queue is closed");
      db.resetReadTxn();
      return namesOfJobs(db).sort();
    },
    async dead(jobs, after, count) {
      return recordsNow(jobs)
        .dead(readId(after) ?? 0, count)
        .map(({ id, job: { key, payload, attempts, added, died = 0, fault = "" } }) => {
          return { id: String(id), key, payload: codec.decode(payload), attempts, added, died, fault };
        });
    },
    async retry(jobs, id) {
      const known = records(jobs);
      const number = readId(id);
      if (number === undefined) return false;
      const retried = await writer.run(() => known.retry(number, now()));
      for (const worker of workers) if (worker.name === jobs.name) worker.look();
      return retried;
    },
    async drop(jobs, id) {
      const known = records(jobs);
      const number = readId(id);
      return number === undefined ? false : writer.run(() => known.drop(number));
    },
    close() {
      closing ??= letGo();
      return closing;
    },
  };
}

/** The number of a job; undefined for what names none of this queue. */
function readId(id: string | undefined): number | undefined {
  return id !== undefined && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}

async function openFile(folder: string) {
  try {
    ensureFolder(folder);
    return open<Buffer, Buffer>({
      path: join(folder, "queue.mdb"),
      noSubdir: true,
      maxDbs: 2,
      mapSize,
      encoding: "binary",
      keyEncoding: "binary",
      // A commit returns when the disk has it: what `add` has accepted survives a power cut too.
      overlappingSync: false,
    });
  } catch (thrown) {
    throw new Fault("unavailable", `the queue in ${folder} cannot be opened: ${toFault(thrown).message}`, thrown);
  }
}
