// The body of a request: collected from the connection, within limits, whatever its Content-Length claims.

import type { IncomingMessage } from "node:http";
import { Fault } from "../../shared/fault.ts";
import { largeMessage, type Stay } from "../../shared/room.ts";

const empty = Buffer.alloc(0);

/**
 * A large body is put together while it arrives: at its end it would be there twice. Share of it that has to be there
 * before: a length that lies takes no more than so many times what was sent.
 */
const credible = 1 / 4;

/** What a message may take, of whom, and the ms that it waits for its turn when it is large. */
export interface Reception {
  readonly limit: number;
  readonly stay: Stay;
  readonly patience: number;
}

/** Reads the body. Faults: `too-large` beyond `limit` bytes, `busy` without room, `bad-input` when it breaks off. */
export async function readBody(request: IncomingMessage, { limit, stay, patience }: Reception): Promise<Buffer> {
  const claimed = Number(request.headers["content-length"] ?? 0);
  if (claimed > limit) throw tooLarge(limit);
  const coding = request.headers["transfer-encoding"];
  if (claimed === 0 && coding === undefined) return empty;
  // Node takes only "chunked" away. A mail below another coding would be scanned as what it is not (RFC 9112, 6.1).
  if (coding !== undefined && coding.trim().toLowerCase() !== "chunked") {
    throw new Fault("bad-input", "the transfer coding of the body is not understood");
  }
  if (claimed > largeMessage) {
    // Until its turn it waits where it is: what nobody reads, the client cannot send.
    await stay.becomeLarge(claimed, patience);
    if (request.destroyed) throw new Fault("bad-input", "the message broke off");
  }
  return collect(request, claimed, { limit: claimed || limit, stay, patience });
}

function collect(request: IncomingMessage, claimed: number, { limit, stay, patience }: Reception): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let whole: Buffer | undefined;
    let held = 0;
    let settled = false;
    function fail(fault: unknown): void {
      if (settled) return;
      settled = true;
      chunks.length = 0;
      request.resume();
      reject(fault);
    }
    request.on("data", (chunk: Buffer) => {
      if (settled) return;
      if (held + chunk.length > limit) return fail(tooLarge(limit));
      try {
        stay.add(chunk.length);
      } catch (fault) {
        return fail(fault);
      }
      chunks.push(chunk);
      held += chunk.length;
      if (held > largeMessage && !stay.isLarge) {
        request.pause();
        stay.becomeLarge(limit, patience).then(() => request.resume(), fail);
      }
      if (claimed <= largeMessage || held < claimed * credible) return;
      whole ??= Buffer.allocUnsafeSlow(claimed);
      let at = held - chunks.reduce((sum, { length }) => sum + length, 0);
      for (const piece of chunks) at += piece.copy(whole, at);
      chunks.length = 0;
    });
    request.on("end", () => {
      if (settled) return;
      settled = true;
      const [first] = chunks;
      const only = whole?.subarray(0, held) ?? (chunks.length === 1 ? first : undefined);
      resolve(only ?? Buffer.concat(chunks, held));
    });
    request.on("error", (error) => fail(new Fault("bad-input", "the message broke off", error)));
    // Comes after every request; a fault is only worth its stack when the end did not come before.
    request.on("close", () => settled || fail(new Fault("bad-input", "the message broke off")));
  });
}

export function tooLarge(limit: number): Fault {
  return new Fault("too-large", `the message is larger than ${limit} bytes`);
}
