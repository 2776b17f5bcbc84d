// Events between the worker processes of one machine, over the channels that their parent has to each of them.

import type { ChildProcess } from "node:child_process";
import { openCodec } from "./codec.ts";

/** Carries events out of this process and into it. */
export interface Relay {
  send(topic: string, event: unknown): void;
  listen(hear: (topic: string, event: unknown) => void): void;
}

interface Carried {
  readonly sluiceTopic: string;
  /** MessagePack in base64: it passes both kinds of channel that a parent may open. */
  readonly event: string;
}

/** The relay of a worker process; undefined in a process that no parent listens to. */
export function openRelay(): Relay | undefined {
  if (process.send === undefined) return undefined;
  const codec = openCodec();
  return {
    send(sluiceTopic, event) {
      if (!process.connected) return;
      const carried: Carried = { sluiceTopic, event: Buffer.from(codec.encode(event)).toString("base64") };
      // At most once: what a parent that is ending does not take is lost.
      process.send?.(carried, undefined, {}, () => {});
    },
    listen(hear) {
      process.on("message", (message) => {
        if (isCarried(message)) hear(message.sluiceTopic, codec.decode(Buffer.from(message.event, "base64")));
      });
      // Listening alone is no reason to stay alive.
      process.channel?.unref();
    },
  };
}

/** Events that may wait for one worker: more of them wait only for one that hangs, and are lost to it. */
const longestWait = 4_096;

/** In the parent: hands each event of a worker to all the others. Answers with a function that takes in one more worker. */
export function relayAmong(workers: Iterable<ChildProcess>): (worker: ChildProcess) => void {
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

  function join(worker: ChildProcess): void {
    waiting.set(worker, 0);
    worker.once("exit", () => waiting.delete(worker));
    worker.on("message", (message: unknown) => {
      if (!isCarried(message)) return;
      for (const other of waiting.keys()) if (other !== worker) pass(message, other);
    });
  }

  for (const worker of workers) join(worker);
  return join;
}

function isCarried(message: unknown): message is Carried {
  return (
    typeof message === "object" &&
    message !== null &&
    "sluiceTopic" in message &&
    typeof message.sluiceTopic === "string" &&
    "event" in message &&
    typeof message.event === "string"
  );
}
