// Jobs as records of LMDB. Each function is one step in the life of a job, and runs within a write transaction.
//   job     what it is; under its number, which says when it was added
//   due     the numbers of those that wait, in the order of the time at which they may be taken
//   lease   who has taken a job, and until when the taker is believed to live
//   dead    what has failed for the last time; under the same number
//   key     number of the pending job of a key

import { Packr } from "msgpackr";
import type { Bytes } from "../store/writer.ts";
import { longestBackoff, processEnded } from "./queue.ts";

const part = { next: 0, job: 1, due: 2, lease: 3, dead: 4, key: 5 } as const;
type Part = (typeof part)[keyof typeof part];

export interface Job {
  readonly key?: string;
  readonly payload: Uint8Array;
  readonly attempts: number;
  readonly added: number;
  readonly died?: number;
  readonly fault?: string;
}

export interface Kept {
  readonly id: number;
  readonly job: Job;
}

export interface Taken extends Kept {
  /** Proof that this attempt is the one at work: another taking, even by the same worker, has another. */
  readonly owner: string;
}

const packr = new Packr({ useRecords: false });

/** The jobs of one name. */
export class JobRecords {
  readonly #db: Bytes;
  readonly #name: Buffer;

  constructor(db: Bytes, name: string) {
    this.#db = db;
    this.#name = Buffer.from(name);
  }

  /** False when a job of the key is pending. */
  add(job: Job, due: number): boolean {
    if (job.key !== undefined && this.#db.get(this.#at(part.key, job.key)) !== undefined) return false;
    const id = (this.#db.get(this.#at(part.next))?.readDoubleLE(0) ?? 0) + 1;
    this.#db.putSync(this.#at(part.next), double(id));
    this.#put(part.job, id, job);
    this.#claimKey(job, id);
    this.#db.putSync(this.#at(part.due, due, id), empty);
    return true;
  }

  /** Whether a `take` now would find something to do. Cheap, and needs no transaction. */
  anythingToDo(now: number): boolean {
    const [first] = this.#due(0, 1);
    if (first !== undefined && first.due <= now) return true;
    return this.#leases().some(({ until }) => until <= now);
  }

  /** The job that has been due for longest, leased to `worker`. */
  take(worker: string, now: number, until: number): Taken | undefined {
    const [first] = this.#due(0, 1);
    if (first === undefined || first.due > now) return undefined;
    const { id, key } = first;
    this.#db.removeSync(key);
    const job = this.#get(part.job, id);
    if (job === undefined) return undefined;
    // Counted when it begins: a job that kills its process must not be tried for ever.
    const begun = { ...job, attempts: job.attempts + 1 };
    this.#put(part.job, id, begun);
    const owner = `${worker}/${begun.attempts}`;
    this.#db.putSync(this.#at(part.lease, id), leaseOf(until, owner));
    return { id, job: begun, owner };
  }

  /** Takes back what dead processes had taken; those that have no attempt left die. Answers with these. */
  reclaim(now: number, attempts: number): number[] {
    const died: number[] = [];
    for (const { id, until } of this.#leases()) {
      if (until > now) continue;
      const job = this.#get(part.job, id);
      if (job !== undefined && job.attempts >= attempts) {
        this.#bury(id, job, processEnded, now);
        died.push(id);
      } else this.#db.putSync(this.#at(part.due, now, id), empty);
      this.#db.removeSync(this.#at(part.lease, id));
    }
    return died;
  }

  /**
   * After the clock was set back: what was added in what is the future now would wait until then, and so would what failed
   * there, or was taken by a process that is dead.
   */
  setBack(now: number, lease: number): void {
    for (const { key, due, id } of this.#due(now + 1)) {
      const job = this.#get(part.job, id);
      if (job === undefined) continue;
      const added = Math.min(job.added, now);
      // What was put off when it was added waits as long as it was to.
      const wait = job.attempts > 0 ? longestBackoff : due - job.added;
      if (due <= now + wait) continue;
      this.#db.removeSync(key);
      this.#db.putSync(this.#at(part.due, Math.min(due, now + wait), id), empty);
      this.#put(part.job, id, { ...job, added });
    }
    for (const { id, until, owner } of this.#leases()) {
      if (until > now + longestBackoff) this.#db.putSync(this.#at(part.lease, id), leaseOf(now + lease, owner));
    }
  }

  renew(id: number, owner: string, until: number): void {
    if (this.#owns(id, owner)) this.#db.putSync(this.#at(part.lease, id), leaseOf(until, owner));
  }

  done(id: number, owner: string): void {
    if (!this.#owns(id, owner)) return;
    const job = this.#get(part.job, id);
    if (job !== undefined) this.#releaseKey(job, id);
    this.#db.removeSync(this.#at(part.job, id));
    this.#db.removeSync(this.#at(part.lease, id));
  }

  /** Puts a job off until `due`, or with the dead when that is undefined. */
  failed(id: number, owner: string, fault: string, due: number | undefined, now: number): void {
    if (!this.#owns(id, owner)) return;
    const job = this.#get(part.job, id);
    if (job !== undefined && due === undefined) this.#bury(id, job, fault, now);
    else if (job !== undefined) this.#db.putSync(this.#at(part.due, due ?? now, id), empty);
    this.#db.removeSync(this.#at(part.lease, id));
  }

  dead(after: number, count: number): Kept[] {
    const found = this.#db.getRange({ ...this.#range(part.dead, after + 1), limit: count });
    return [...found].map(({ key, value }) => ({ id: lastNumber(key), job: packr.unpack(value) }));
  }

  /** False when there is no dead job of that number. One whose key is pending again is dropped: it is the same job. */
  retry(id: number, now: number): boolean {
    const job = this.#get(part.dead, id);
    if (job === undefined) return false;
    this.#db.removeSync(this.#at(part.dead, id));
    const { key, payload, added } = job;
    this.add({ ...(key === undefined ? {} : { key }), payload, added, attempts: 0 }, now);
    return true;
  }

  drop(id: number): boolean {
    return this.#db.removeSync(this.#at(part.dead, id));
  }

  count(now: number) {
    const all = (kind: Part, from = 0) => this.#db.getKeysCount(this.#range(kind, from));
    const delayed = all(part.due, now + 1);
    return { waiting: all(part.due) - delayed, delayed, atWork: all(part.lease), dead: all(part.dead) };
  }

  #bury(id: number, job: Job, fault: string, now: number): void {
    this.#releaseKey(job, id);
    this.#db.removeSync(this.#at(part.job, id));
    this.#put(part.dead, id, { ...job, fault, died: now });
  }

  #claimKey({ key }: Job, id: number): void {
    if (key !== undefined) this.#db.putSync(this.#at(part.key, key), double(id));
  }

  #releaseKey({ key }: Job, id: number): void {
    if (key === undefined) return;
    if (this.#db.get(this.#at(part.key, key))?.readDoubleLE(0) === id) this.#db.removeSync(this.#at(part.key, key));
  }

  #owns(id: number, owner: string): boolean {
    return this.#db.get(this.#at(part.lease, id))?.toString("latin1", 8) === owner;
  }

  /** Those that wait, the one that has been due for longest first. */
  #due(from: number, limit?: number): { key: Buffer; due: number; id: number }[] {
    const keys = this.#db.getKeys({ ...this.#range(part.due, from), ...(limit === undefined ? {} : { limit }) });
    return [...keys].map((key) => ({ key, due: Number(key.readBigUInt64BE(key.length - 16)), id: lastNumber(key) }));
  }

  #leases(): { id: number; until: number; owner: string }[] {
    return [...this.#db.getRange(this.#range(part.lease))].map(({ key, value }) => ({
      id: lastNumber(key),
      until: value.readDoubleLE(0),
      owner: value.toString("latin1", 8),
    }));
  }

  #get(kind: Part, id: number): Job | undefined {
    const record = this.#db.get(this.#at(kind, id));
    return record === undefined ? undefined : packr.unpack(record);
  }

  #put(kind: Part, id: number, job: Job): void {
    this.#db.putSync(this.#at(kind, id), packr.pack(job));
  }

  /** All records of one part, from a number on. */
  #range(kind: Part, from = 0) {
    return { start: this.#at(kind, from), end: this.#at(kind + 1) };
  }

  /** The length of the name stands before it, so that no record lies among those of another name. */
  #at(kind: number, ...rest: (number | string)[]): Buffer {
    const head = Buffer.concat([Buffer.of(this.#name.length), this.#name, Buffer.of(kind)]);
    return Buffer.concat([
      head,
      ...rest.map((item) => (typeof item === "string" ? Buffer.from(item) : bigEndian(item))),
    ]);
  }
}

/** Names of which there are records. */
export function namesOfJobs(db: Bytes): string[] {
  const names: string[] = [];
  let start = Buffer.alloc(0);
  for (;;) {
    const [key] = db.getKeys({ start, limit: 1 });
    if (key === undefined) return names;
    const head = key.subarray(0, 1 + (key[0] ?? 0));
    names.push(head.toString("utf8", 1));
    // Beyond every part: on to the next name.
    start = Buffer.concat([head, Buffer.of(255)]);
  }
}

const empty = Buffer.alloc(0);

function leaseOf(until: number, owner: string): Buffer {
  return Buffer.concat([double(until), Buffer.from(owner, "latin1")]);
}

function double(number: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleLE(number);
  return bytes;
}

function bigEndian(number: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(Math.max(0, Math.floor(number))));
  return bytes;
}

function lastNumber(key: Buffer): number {
  return Number(key.readBigUInt64BE(key.length - 8));
}
