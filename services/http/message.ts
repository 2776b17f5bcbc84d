// The message in a request: received within limits, decompressed, counted against the gateway's memory while in use.

import type { IncomingMessage } from "node:http";
import { largeMessage } from "../../shared/room.ts";
import { type Reception, readBody } from "./body.ts";
import { bodyEncoding, decompress, type Encoding } from "./compression.ts";
import type { Gateway } from "./gateway.ts";
import type { RequestFields } from "./request-fields.ts";

/** Headers by which Rspamd reads a message from its own disk or memory: a way to any file for whoever can connect. */
const localInputs = ["file", "path", "shm"] as const;

/**
 * What a client is told that wants a message read from a file; null when it does not. It is the one error that a scan
 * worker sends with its true code, 400 (R 1.3).
 */
export function localInput(fields: RequestFields): string | null {
  const name = localInputs.find((input) => fields.first.has(input));
  return name === undefined ? null : `messages are not read from local files or memory: ${name}`;
}

/** Most bodies are small. What turns out not to be is let go, and unpacked in its turn. */
async function unpack(body: Buffer, encoding: Encoding, { limit, stay, patience }: Reception): Promise<Buffer> {
  const small = Math.min(limit, largeMessage);
  let raw = await decompress(body, encoding, small).catch((thrown) => {
    // Also what cannot be read within so much.
    if (small === limit) throw thrown;
    return null;
  });
  if (raw === null) {
    await stay.becomeLarge(limit, patience);
    raw = await decompress(body, encoding, limit);
  }
  stay.add(raw.length);
  return raw;
}

/** Hands the message to `use`. Faults as `readBody`. */
export async function withMessage<Result>(
  gateway: Pick<Gateway, "limits" | "room">,
  fields: RequestFields,
  request: IncomingMessage,
  use: (raw: Uint8Array) => Promise<Result>,
): Promise<Result> {
  const { maxMessage: limit, taskTimeout: patience } = gateway.limits;
  const stay = gateway.room.enter();
  try {
    const body = await readBody(request, { limit, stay, patience });
    const encoding = bodyEncoding(fields, body);
    const raw = encoding === null ? body : await unpack(body, encoding, { limit, stay, patience });
    stay.settle();
    return await use(raw);
  } finally {
    stay.leave();
  }
}
