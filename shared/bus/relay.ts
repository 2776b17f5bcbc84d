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

/** In the parent: hands each event of a worker to all the others. */
export function relayAmong(workers: Iterable<ChildProcess>): void {
  const all = new Set(workers);
  for (const worker of all) {
    worker.once("exit", () => all.delete(worker));
    worker.on("message", (message: unknown) => {
      if (!isCarried(message)) return;
      for (const other of all) if (other !== worker && other.connected) other.send(message, () => {});
    });
  }
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
