// The store of one machine: LMDB in a folder, which several processes may share, and which survives their being killed.

import { join } from "node:path";
import { open } from "lmdb";
import { ensureFolder } from "../ensure-folder.ts";
import { Fault, toFault } from "../fault.ts";
import { type Log, silent } from "../log.ts";
import { blobFiles } from "./blob-files.ts";
import { guarded } from "./guarded.ts";
import { entryOperations, hasExpired } from "./lmdb-entries.ts";
import { dropItems, listOperations } from "./lmdb-lists.ts";
import { openTables } from "./lmdb-tables.ts";
import type { Store } from "./store.ts";
import { type Bytes, mapSize, Writer } from "./writer.ts";

export interface LmdbStoreOptions {
  /** Made when it is missing. On a local disk: LMDB shares memory between processes. */
  readonly folder: string;
  /** ms since 1970. */
  readonly now?: () => number;
  readonly log?: Log;
  /** ms between two steps of the sweeper. Default 1 s. */
  readonly sweepInterval?: number;
}

export interface LmdbStore extends Store {
  /** Looks at the next records, so many of each kind, and deletes what has expired. Done by itself as time goes by. */
  sweep(limit?: number): Promise<void>;
}

/** Records of a step: a step takes about a ms, and a lap over a million records a quarter of an hour. */
const sweepStep = 1000;
/** Steps from one look at the blobs' folder, and for dead readers, to the next. */
const rareSweep = 30;

/** Opens the store of a folder; throws `unavailable` when the folder cannot be used. */
export async function openLmdbStore(options: LmdbStoreOptions): Promise<LmdbStore> {
  const { folder, now = Date.now, log = silent, sweepInterval = 1000 } = options;
  const root = await openFile(folder);
  const database = (name: string): Bytes => root.openDB({ name, encoding: "binary", keyEncoding: "binary" });
  const entries = database("entries");
  const items = database("items");
  const once = database("once");
  const writer = new Writer(root);
  const tables = openTables({ chunks: database("tables"), once, writer, now });
  const blobs = blobFiles(join(folder, "blobs"), now);
  const sweeps = [entries, once].map((db) => ({ db, from: undefined as Buffer | undefined }));
  let itemsFrom: Buffer | undefined;
  let steps = 0;
  let closing: Promise<void> | undefined;

  async function sweep(limit = sweepStep): Promise<void> {
    const anyItems = items.getKeysCount({ limit: 1 }) > 0;
    const expired = sweeps.flatMap((sweep) => {
      const range = sweep.from === undefined ? { limit } : { start: sweep.from, limit };
      const seen = [...sweep.db.getRange(range)].map(({ key, value }) => ({ key, expired: hasExpired(value, now()) }));
      sweep.from = seen.length < limit ? undefined : seen.at(-1)?.key;
      return seen.filter((entry) => entry.expired).map(({ key }) => ({ db: sweep.db, key }));
    });
    if (expired.length > 0 || anyItems) {
      await writer.run(() => {
        for (const { db, key } of expired) {
          // It may have been renewed since.
          const record = db.get(key);
          if (record !== undefined && hasExpired(record, now())) db.removeSync(key);
        }
        if (anyItems) itemsFrom = dropItems(items, entries, itemsFrom, limit);
      });
    }
    if (steps++ % rareSweep !== 0) return;
    // A killed process leaves its view of the file behind, for which LMDB would keep every page.
    root.readerCheck();
    await blobs.sweep();
  }

  const sweeper = setInterval(() => {
    sweep().catch((thrown) => log.error({ err: thrown }, "the store cannot be swept"));
  }, sweepInterval);
  sweeper.unref();

  async function letGo(): Promise<void> {
    clearInterval(sweeper);
    tables.close();
    writer.close();
    await root.close();
  }

  const operations = {
    ...entryOperations(entries, writer, now),
    ...listOperations(entries, items, writer, now),
    putBlob: blobs.putBlob,
    getBlob: blobs.getBlob,
    deleteBlob: blobs.deleteBlob,
    table: tables.table,
    sweep,
  };
  return {
    // LMDB itself would crash the process.
    ...guarded(operations, () => closing !== undefined),
    close() {
      closing ??= letGo();
      return closing;
    },
  };
}

async function openFile(folder: string) {
  try {
    ensureFolder(folder);
    return open<Buffer, Buffer>({
      path: join(folder, "store.mdb"),
      noSubdir: true,
      maxDbs: 8,
      mapSize,
      encoding: "binary",
      keyEncoding: "binary",
    });
  } catch (thrown) {
    throw new Fault("unavailable", `the store in ${folder} cannot be opened: ${toFault(thrown).message}`, thrown);
  }
}
