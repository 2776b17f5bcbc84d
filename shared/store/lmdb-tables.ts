// The dense counter tables of an LMDB store, and those who follow them: changes of other processes are looked for.

import { Fault } from "../fault.ts";
import { checkKey, checkWhole, tableLimit } from "./limits.ts";
import { type Followers, openTable, type TableFiles } from "./lmdb-table.ts";
import { metaContent, newMeta, part, readChange, readMeta, recordKey } from "./lmdb-table-records.ts";
import type { Table, TableChange, TableShape } from "./store.ts";
import type { Bytes } from "./writer.ts";

/** ms between two looks for changes of other processes. */
const pollInterval = 250;

export interface Tables {
  table(name: string, shape: TableShape): Promise<Table>;
  close(): void;
}

export function openTables(files: TableFiles): Tables {
  const { chunks, writer } = files;
  const followers = openFollowers(chunks);
  return {
    async table(name, shape) {
      const key = recordKey(checkKey(name), part.meta, 0);
      checkWhole(shape.cells, 1, tableLimit, "the counters of a table");
      await writer.run(() => {
        const meta = readMeta(chunks.get(key));
        if (meta === undefined) chunks.putSync(key, metaContent(newMeta(shape)));
        else if (meta.cells !== shape.cells || meta.bits !== shape.bits) {
          const has = `${meta.cells} counters of ${meta.bits} bits`;
          throw new Fault("bad-config", `table "${name}" has ${has}, not ${shape.cells} of ${shape.bits}`);
        }
      });
      return openTable(files, followers, name, shape);
    },
    close: () => followers.close(),
  };
}

interface Followed {
  seen: number;
  readonly listeners: Set<(change: TableChange) => void>;
}

function openFollowers(chunks: Bytes): Followers & { close(): void } {
  const followed = new Map<string, Followed>();
  let timer: NodeJS.Timeout | undefined;

  const latestOf = (id: Buffer) => readMeta(chunks.get(recordKey(id, part.meta, 0)))?.change ?? 0;

  function tell(): void {
    for (const [name, following] of followed) {
      const id = checkKey(name);
      const latest = latestOf(id);
      while (following.seen < latest) {
        const log = chunks.get(recordKey(id, part.change, following.seen + 1));
        const change = log === undefined ? "reread" : readChange(log);
        following.seen = log === undefined ? latest : following.seen + 1;
        for (const listener of following.listeners) listener(change);
      }
    }
  }

  return {
    tell,
    follow(name, listener) {
      const following = followed.get(name) ?? { seen: latestOf(checkKey(name)), listeners: new Set() };
      followed.set(name, following);
      following.listeners.add(listener);
      timer ??= setInterval(tell, pollInterval).unref();
      return () => {
        following.listeners.delete(listener);
        if (following.listeners.size === 0 && followed.get(name) === following) followed.delete(name);
      };
    },
    close() {
      clearInterval(timer);
      followed.clear();
    },
  };
}
