// The body of a request: collected from the connection, within limits, whatever its Content-Length claims.

import type { IncomingMessage } from "node:http";
import { Fault } from "../../shared/fault.ts";

/** Bytes of messages that a gateway holds at once, over all connections. */
export interface Budget {
  readonly limit: number;
  held: number;
}

export function openBudget(limit: number): Budget {
  return { limit, held: 0 };
}

/** Takes `size` bytes of the budget, or fails: the client is to come again. */
export function take(budget: Budget, size: number): void {
  if (budget.held + size > budget.limit) throw new Fault("busy", "too many messages are being received");
  budget.held += size;
}

export interface Body {
  readonly bytes: Buffer;
  /** What it took of the budget; give it back when the scan is over. */
  readonly held: number;
}

const empty: Body = { bytes: Buffer.alloc(0), held: 0 };

/** Bytes from which on a body is put together while it arrives: at its end it would be there twice. */
const large = 1024 * 1024;
/** Share that has to be there before: a length that lies takes no more than so many times what was sent. */
const credible = 1 / 4;

/** Reads the body. Faults: `too-large` beyond `limit` bytes, `busy` without budget, `bad-input` when it breaks off. */
export function readBody(request: IncomingMessage, limit: number, budget: Budget): Promise<Body> {
  const claimed = Number(request.headers["content-length"] ?? 0);
  if (claimed > limit) return Promise.reject(tooLarge(limit));
  const coding = request.headers["transfer-encoding"];
  if (claimed === 0 && coding === undefined) return Promise.resolve(empty);
  // Node takes only "chunked" away. A mail below another coding would be scanned as what it is not (RFC 9112, 6.1).
  if (coding !== undefined && coding.trim().toLowerCase() !== "chunked") {
    return Promise.reject(new Fault("bad-input", "the transfer coding of the body is not understood"));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let whole: Buffer | undefined;
    let held = 0;
    let settled = false;
    function fail(fault: unknown): void {
      if (settled) return;
      settled = true;
      chunks.length = 0;
      budget.held -= held;
      reject(fault);
    }
    request.on("data", (chunk: Buffer) => {
      if (settled) return;
      if (held + chunk.length > (claimed || limit)) return fail(tooLarge(claimed || limit));
      try {
        take(budget, chunk.length);
      } catch (fault) {
        return fail(fault);
      }
      chunks.push(chunk);
      held += chunk.length;
      if (claimed < large || held < claimed * credible) return;
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
      resolve({ bytes: only ?? Buffer.concat(chunks, held), held });
    });
    request.on("error", (error) => fail(new Fault("bad-input", "the message broke off", error)));
    // Comes after every request; a fault is only worth its stack when the end did not come before.
    request.on("close", () => settled || fail(new Fault("bad-input", "the message broke off")));
  });
}

export function tooLarge(limit: number): Fault {
  return new Fault("too-large", `the message is larger than ${limit} bytes`);
}
