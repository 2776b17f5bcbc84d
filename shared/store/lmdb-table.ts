// One dense counter table in LMDB: its counters, and a log of the latest changes for those who follow.

import { createHash } from "node:crypto";
import { Fault } from "../fault.ts";
import { checkCounters, checkDeltas, checkKey, onceTtl } from "./limits.ts";
import {
  type ChunkKey,
  cellReader,
  halveCounters,
  readCounters,
  replaceCounters,
  setCounters,
  stripeCells,
} from "./lmdb-counters.ts";
import { kinds, readEntry, writeEntry } from "./lmdb-entries.ts";
import { Pending, stripeOf, stripes } from "./lmdb-pending.ts";
import {
  changeContent,
  type Meta,
  metaContent,
  newMeta,
  part,
  readChange,
  readMeta,
  recordKey,
} from "./lmdb-table-records.ts";
import type { Counters, Table, TableChange, TableShape } from "./store.ts";
import type { Bytes, Writer } from "./writer.ts";

/** Changes that the log keeps: far more than come between two looks at it, and all that are in no chunk yet. */
const logLength = 2 * stripes;

/** What the tables of a store share. */
export interface TableFiles {
  readonly chunks: Bytes;
  /** Where the keys lie that have counted: entries that expire. */
  readonly once: Bytes;
  readonly writer: Writer;
  readonly now: () => number;
}

export interface Followers {
  follow(name: string, listener: (change: TableChange) => void): () => void;
  /** Tells them what they have not been told yet. */
  tell(): void;
}

export function openTable(files: TableFiles, followers: Followers, name: string, shape: TableShape): Table {
  const { chunks, writer } = files;
  const records = new TableRecords(files, name, shape);
  const { chunkKey } = records;

  async function changeAll(action: () => void, forgets: boolean): Promise<void> {
    await writer.run(() => records.changeAll(action, forgets));
    followers.tell();
  }

  return {
    async read() {
      // LMDB keeps its view of the file for a ms or so: whoever was told of a change must see it.
      chunks.resetReadTxn();
      return records.read();
    },
    async add(cells, by, once) {
      checkDeltas(shape, cells, by);
      const key = once === undefined ? undefined : countedKey(checkKey(name), checkKey(once));
      const counted = await writer
        .run(() => {
          if (key !== undefined && records.hasCounted(key)) return false;
          if (cells.length > 0) records.add(cells, by);
          return true;
        })
        .catch((thrown) => {
          records.forget();
          throw thrown;
        });
      followers.tell();
      return counted;
    },
    reset: () => changeAll(() => replaceCounters(chunks, chunkKey), true),
    halve: () => changeAll(() => halveCounters(chunks, chunkKey, shape.bits), false),
    async write(counters) {
      checkCounters(shape, counters);
      await changeAll(() => replaceCounters(chunks, chunkKey, counters), true);
    },
    async follow(listener) {
      return followers.follow(name, listener);
    },
  };
}

/** What is read and written within one transaction, or read in one view of the file. */
class TableRecords {
  readonly #files: TableFiles;
  readonly #name: string;
  readonly #id: Buffer;
  readonly #shape: TableShape;
  readonly #chunkKeys = new Map<number, Buffer>();
  /** What is in no chunk yet, as far as it was read. */
  #known: Pending | undefined;

  constructor(files: TableFiles, name: string, shape: TableShape) {
    this.#files = files;
    this.#name = name;
    this.#id = checkKey(name);
    this.#shape = shape;
  }

  /** Made once: a lesson looks into most of the chunks. */
  readonly chunkKey: ChunkKey = (number) => {
    let key = this.#chunkKeys.get(number);
    if (key === undefined) {
      key = recordKey(this.#id, part.chunk, number);
      this.#chunkKeys.set(number, key);
    }
    return key;
  };

  read(): Counters {
    const counters = readCounters(this.#files.chunks, this.chunkKey, this.#shape);
    this.#pending(this.#meta()).putOver(counters);
    return counters;
  }

  add(cells: Uint32Array, by: Int32Array): void {
    const { chunks } = this.#files;
    const { bits } = this.#shape;
    const meta = this.#meta();
    const pending = this.#pending(meta);
    const values = pending.add(this.#shape, cells, by, cellReader(chunks, this.chunkKey, bits));
    const content = changeContent(cells, values);
    const folds = pending.isFull || content.length === 0;
    if (folds) this.#writeAll(pending);
    else this.#write(pending, stripeOf(pending.upto));
    this.#log(meta, content, { folds });
  }

  /** After a commit that failed: nothing of it was written, but here it is known. */
  forget(): void {
    this.#known = undefined;
  }

  /** A change of everything, which followers read again. */
  changeAll(action: () => void, forgets: boolean): void {
    const meta = this.#meta();
    this.#writeAll(this.#pending(meta));
    action();
    this.#log(meta, Buffer.alloc(0), { forgets, folds: true });
  }

  /** Whether the key has counted already; from now on it has. */
  hasCounted(key: Buffer): boolean {
    const { once, now } = this.#files;
    const { change, forgot } = this.#meta();
    const counted = readEntry(once, key, kinds.value, now());
    if (counted !== undefined && counted.content.readDoubleLE(0) > forgot) return true;
    writeEntry(once, key, kinds.value, now() + onceTtl, double(change + 1));
    return false;
  }

  #meta(): Meta {
    return readMeta(this.#files.chunks.get(recordKey(this.#id, part.meta, 0))) ?? newMeta(this.#shape);
  }

  /** What is in no chunk yet, up to the latest change. */
  #pending({ change, folded }: Meta): Pending {
    let pending = this.#known;
    if (pending === undefined || pending.upto < folded || pending.upto > change) {
      pending = new Pending(folded, stripeCells(this.#shape, stripes));
    }
    while (pending.upto < change) {
      const key = recordKey(this.#id, part.change, pending.upto + 1);
      const log = readChange(this.#files.chunks.get(key) ?? Buffer.alloc(0));
      if (log === "reread") throw new Fault("failed", `the log of table "${this.#name}" has a gap`);
      pending.take(log.cells, log.values);
      pending.drop(stripeOf(pending.upto));
    }
    this.#known = pending;
    return pending;
  }

  #write(pending: Pending, stripe: number): void {
    const values = pending.waiting.get(stripe);
    if (values === undefined) return;
    setCounters(this.#files.chunks, this.chunkKey, this.#shape.bits, values);
    pending.drop(stripe);
  }

  #writeAll(pending: Pending): void {
    for (const stripe of [...pending.waiting.keys()]) this.#write(pending, stripe);
  }

  /** Logs a change and counts it. */
  #log(meta: Meta, content: Buffer, { forgets = false, folds = false } = {}): void {
    const { chunks } = this.#files;
    const change = meta.change + 1;
    chunks.putSync(recordKey(this.#id, part.change, change), content);
    chunks.removeSync(recordKey(this.#id, part.change, change - logLength));
    const forgot = forgets ? change : meta.forgot;
    const folded = folds ? change : Math.max(meta.folded, change - stripes);
    chunks.putSync(recordKey(this.#id, part.meta, 0), metaContent({ ...this.#shape, change, forgot, folded }));
  }
}

/** There are many of them for a month: a hash is shorter than what they are made of. */
function countedKey(id: Buffer, key: Buffer): Buffer {
  const length = Buffer.allocUnsafe(2);
  length.writeUInt16BE(id.length);
  return createHash("sha256").update(length).update(id).update(key).digest().subarray(0, 16);
}

function double(number: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleLE(number);
  return bytes;
}
