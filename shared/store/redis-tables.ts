// Dense counter tables in Redis. A change is one script; followers hear of it through `changes`.

import { createHash, randomUUID } from "node:crypto";
import { Fault } from "../fault.ts";
import type { Link } from "../redis/link.ts";
import { runScript, type Script } from "../redis/script.ts";
import { checkCounters, checkDeltas, checkKey, checkWhole, onceTtl, tableLimit, viewOf } from "./limits.ts";
import type { Changes } from "./redis-changes.ts";
import { readData, statusOf, toData, writeData } from "./redis-table-data.ts";
import { addToTable, holdTable, openTable, releaseTable, replaceTable } from "./redis-table-scripts.ts";
import type { Store, Table, TableShape } from "./store.ts";

/** A change of more counters is told as "read it again". */
const toldCells = 16_384;
/** ms that the counters are held at most by one who halves them; reading and writing the largest table takes less. */
const holdTime = 10_000;
/** ms that a change waits for such a one. */
const patience = 2 * holdTime;
const pause = 20;

export interface TableLinks {
  readonly truth: Link;
  /** A server that may lag behind. */
  readonly replica: Link | undefined;
  readonly changes: Changes;
  readonly prefix: string;
  readonly db: number;
}

export function openTables(links: TableLinks): Store["table"] {
  return async (name, shape) => {
    checkKey(name);
    checkWhole(shape.cells, 1, tableLimit, "the counters of a table");
    return openedTable(links, name, shape);
  };
}

async function openedTable(
  { truth, replica, changes, prefix, db }: TableLinks,
  name: string,
  shape: TableShape,
): Promise<Table> {
  // Each key begins with the name, so all have one hash tag, whatever the name contains.
  const meta = `${prefix}:{t:${name}}`;
  const data = `${meta}:c`;
  // What is published is heard in all databases of a server.
  const channel = db === 0 ? `${meta}:e` : `${meta}:e:${db}`;

  async function open(): Promise<void> {
    const has = await truth.run((client) => runScript(client, openTable, [meta], [shape.cells, shape.bits]));
    const [cells, bits] = Array.isArray(has) ? has.map(Number) : [];
    if (cells === shape.cells && bits === shape.bits) return;
    throw new Fault(
      "bad-config",
      `table "${name}" has ${cells} counters of ${bits} bits, not ${shape.cells} of ${shape.bits}`,
    );
  }

  /** Runs a change until nobody else is about to replace the counters. */
  async function change(script: Script, keys: readonly string[], args: readonly (string | number | Buffer)[]) {
    const until = Date.now() + patience;
    while (Date.now() < until) {
      const answer = await truth.run((client) => runScript(client, script, keys, args));
      // Somebody emptied the server: from then on it is a new table.
      if (answer === "gone") await open();
      else if (answer !== "held") return answer;
      else await new Promise((resolve) => setTimeout(resolve, pause));
    }
    throw new Fault("busy", `table "${name}" is held by another process`);
  }

  /** Replaces the counters; false when the hold named by `token` has ended before. */
  async function replace(bytes: Buffer | undefined, token: string, forgets: boolean): Promise<boolean> {
    const fresh = `${meta}:n:${randomUUID()}`;
    if (bytes !== undefined) await writeData(truth, fresh, bytes);
    return (await change(replaceTable, [meta, data, fresh], [channel, token, forgets ? 1 : 0])) === "done";
  }

  async function halveOnce(): Promise<boolean> {
    const token = randomUUID();
    await change(holdTable, [meta], [token, holdTime]);
    try {
      const { counters } = await readData(truth, meta, data, shape);
      for (let i = 0; i < counters.length; i++) counters[i] = (counters[i] ?? 0) >>> 1;
      return await replace(toData(counters), token, false);
    } catch (thrown) {
      // The hold would end by itself, only later.
      await truth.run((client) => runScript(client, releaseTable, [meta], [token])).catch(() => undefined);
      throw thrown;
    }
  }

  await open();
  return {
    async read() {
      if (replica?.isReady) {
        const { change } = await statusOf(truth, meta);
        const read = await readData(replica, meta, data, shape).catch(() => undefined);
        if (read !== undefined && read.change >= change) return read.counters;
      }
      return (await readData(truth, meta, data, shape)).counters;
    },
    async add(cells, by, once) {
      checkDeltas(shape, cells, by);
      if (cells.length === 0 && once === undefined) return true;
      const keys = once === undefined ? [meta, data] : [meta, data, `${meta}:o:${onceName(once)}`];
      const told = cells.length <= toldCells ? 1 : 0;
      const args = [channel, `u${shape.bits}`, viewOf(cells), viewOf(by), onceTtl, told];
      return (await change(addToTable, keys, args)) === "added";
    },
    async reset() {
      await replace(undefined, "", true);
    },
    async halve() {
      for (let tries = 0; tries < 3; tries++) if (await halveOnce()) return;
      throw new Fault("busy", `table "${name}" changes too fast to be halved`);
    },
    async write(counters) {
      checkCounters(shape, counters);
      await replace(toData(counters), "", true);
    },
    follow: (listener) => changes.follow(channel, meta, listener),
  };
}

/** There are many of them for a month: a hash is shorter than what they are made of. */
function onceName(once: string): string {
  return createHash("sha256").update(checkKey(once)).digest("base64url").slice(0, 22);
}
