// What Redis and ioredis throw, as faults.

import { Fault, toFault } from "../fault.ts";

/** Answers of a server that cannot do its work now, or must not do it for us (redis/src/server.c, script.c, acl.c). */
const unavailable =
  /\b(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|OOM|MISCONF|BUSY|NOREPLICAS|NOAUTH|WRONGPASS|NOPERM|UNKILLABLE|NOGOODSLAVE)\b/;

/** `name` is the server's, for people; `failed` only where the server understood, and says no. */
export function toRedisFault(thrown: unknown, name: string): Fault {
  if (thrown instanceof Fault) return thrown;
  const message = reasonOf(thrown);
  if (!isReply(thrown) || unavailable.test(message)) return new Fault("unavailable", `${name}: ${message}`, thrown);
  if (message.includes("WRONGTYPE")) return new Fault("failed", "the key holds another kind of value", thrown);
  return new Fault("failed", `${name}: ${message}`, thrown);
}

/** What ioredis throws when it gave up a command, or says of its own settings, in words for an operator. */
export function reasonOf(thrown: unknown): string {
  const message = toFault(thrown).message;
  if (/^(Reached the max retries per request|Stream isn't writeable|Connection is closed)/.test(message)) return lost;
  if (!message.startsWith("All sentinels are unreachable")) return message;
  const [, last = ""] = /Last error: (.*)$/s.exec(message) ?? [];
  return last === "" || last === "Connection is closed."
    ? "no sentinel answers"
    : `no sentinel names a server: ${last}`;
}

/** Says that commands were given up, and not why. */
export const lost = "the connection was lost";

/** Whether the server refuses us, however often we ask: wrong or missing credentials. */
export function isRefusal(thrown: unknown): boolean {
  return thrown instanceof Error && /\b(NOAUTH|WRONGPASS|NOPERM)\b|invalid password|ERR AUTH/.test(thrown.message);
}

function isReply(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === "ReplyError";
}
