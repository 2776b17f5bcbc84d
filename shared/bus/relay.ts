// Events between the worker processes of one machine, over the channels that their parent has to each of them. The parent
// passes bytes on: it must open the channels with the serialization "advanced", which can carry them.

import type { ChildProcess } from "node:child_process";
import { deserialize, serialize } from "node:v8";

/** Carries events out of this process and into it. */
export interface Relay {
  send(topic: string, event: unknown): void;
  listen(hear: (topic: string, event: unknown) => void): void;
  /** Sends what waits for company. */
  flush(): void;
}

/** Some events of one worker. */
interface Carried {
  /** Each is [topic, event] as V8 writes it: only workers read it. */
  readonly sluiceEvents: readonly Uint8Array[];
}

/** A message costs three processes more than an event in it: events wait so many ms for others, but not for more. */
const company = { wait: 20, events: 16 };

/** The relay of a worker process; undefined in a process that no parent listens to. */
export function openRelay(): Relay | undefined {
  if (process.send === undefined) return undefined;
  let gathered: Uint8Array[] = [];
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (gathered.length === 0 || !process.connected) return;
    const carried: Carried = { sluiceEvents: gathered };
    gathered = [];
    // At most once: what a parent that is ending does not take is lost.
    process.send?.(carried, undefined, {}, () => {});
  }

  return {
    send(topic, event) {
      if (!process.connected) return;
      // A third of the time that MessagePack takes, and both sides are the same program.
      gathered.push(serialize([topic, event]));
      if (gathered.length >= company.events) flush();
      else timer ??= setTimeout(flush, company.wait);
    },
    listen(hear) {
      process.on("message", (message) => {
        if (!isCarried(message)) return;
        for (const bytes of message.sluiceEvents) {
          // What `send` of another worker of this program made.
          const [topic, event] = deserialize(bytes) as [string, unknown];
          hear(topic, event);
        }
      });
      // Listening alone is no reason to stay alive.
      process.channel?.unref();
    },
    flush,
  };
}

/** Messages that may wait for one worker: more of them wait only for one that hangs, and are lost to it. */
const longestWait = 1_024;

/** In the parent: answers with a function that takes a worker in. Each event of one is handed to all the others. */
export function relayAmong(): (worker: ChildProcess) => void {
  const waiting = new Map<ChildProcess, number>();

  function pass(carried: Carried, to: ChildProcess): void {
    const count = waiting.get(to) ?? 0;
    if (count >= longestWait || !to.connected) return;
    waiting.set(to, count + 1);
    to.send(carried, () => {
      const left = waiting.get(to);
      if (left !== undefined) waiting.set(to, left - 1);
    });
  }

  return (worker) => {
    waiting.set(worker, 0);
    worker.once("exit", () => waiting.delete(worker));
    worker.on("message", (message: unknown) => {
      if (!isCarried(message)) return;
      for (const other of waiting.keys()) if (other !== worker) pass(message, other);
    });
  };
}

function isCarried(message: unknown): message is Carried {
  return (
    typeof message === "object" && message !== null && "sluiceEvents" in message && Array.isArray(message.sluiceEvents)
  );
}
