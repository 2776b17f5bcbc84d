// One connection in SpamAssassin's or Rspamd's oldest protocol, taken over from Node's HTTP server: its parser hands
// back the bytes of a request whose method it does not know.

import type { Socket } from "node:net";
import { Fault } from "../../shared/fault.ts";
import { largeMessage, type Stay } from "../../shared/room.ts";
import { scanSubject } from "../../shared/scan.ts";
import { tooLarge } from "./body.ts";
import { endSoon } from "./client-error.ts";
import { toFailure } from "./failure.ts";
import { parseFlags } from "./flags.ts";
import type { Gateway } from "./gateway.ts";
import { replyRspamc, replySpamc, replySpamdFailure } from "./reply-spamd.ts";
import { readFields } from "./request-fields.ts";
import { scanRequest } from "./scan.ts";
import { parseSpamdHead, type SpamdHead } from "./spamd-request.ts";

/** A head of this size is no honest one. */
const maxHead = 64 * 1024;
/** ms without a byte. */
const patience = 60_000;

/** Answers one request whose first bytes are `start`, and closes the connection. */
export async function answerSpamd(gateway: Gateway, start: Buffer, socket: Socket): Promise<void> {
  let protocol: SpamdHead["protocol"] = start.includes(" RSPAMC/") ? "RSPAMC" : "SPAMC";
  const stay = gateway.room.enter();
  try {
    const { head, body } = await readRequest(gateway, start, socket, stay);
    protocol = head.protocol;
    stay.settle();
    if (head.verb === "PING") {
      endSoon(socket, "SPAMD/1.5 0 PONG\r\n");
      return;
    }
    gateway.record.totals.countRequest("scan");
    const fields = readFields(head.rawHeaders, "");
    const question = scanRequest(fields, parseFlags(fields.first.get("flags")), body, socket, false);
    const verdict = await gateway.bus.ask(scanSubject, question, {
      deadline: gateway.now() + gateway.limits.taskTimeout,
    });
    endSoon(socket, protocol === "RSPAMC" ? replyRspamc(verdict) : replySpamc(verdict));
  } catch (thrown) {
    gateway.log.warn({ protocol, err: thrown }, "no verdict");
    gateway.record.errors.add("scan", protocol, thrown);
    endSoon(socket, replySpamdFailure(protocol, toFailure(thrown).text));
  } finally {
    stay.leave();
  }
}

/** Collects head and message. Faults: `bad-input`, `too-large`, `late`, `busy` without room. */
function readRequest(gateway: Gateway, start: Buffer, socket: Socket, stay: Stay) {
  const { maxMessage: limit, taskTimeout: longestTurn } = gateway.limits;
  return new Promise<{ head: SpamdHead; body: Buffer }>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let head: SpamdHead | null = null;
    let size = 0;
    let done = false;

    function add(chunk: Buffer): void {
      if (done) return;
      try {
        stay.add(chunk.length);
        chunks.push(chunk);
        size += chunk.length;
        head ??= parseSpamdHead(chunks.length === 1 ? chunk : Buffer.concat(chunks, size));
        if (head === null && size > maxHead) throw new Fault("too-large", "the headers do not end");
        if (head === null) return;
        if ((head.length ?? size - head.size) > limit) throw tooLarge(limit);
        if (head.verb === "PING" || (head.length !== null && size >= head.size + head.length)) finish(head);
        else if (size > largeMessage && !stay.isLarge) {
          socket.pause();
          stay.becomeLarge(head.length ?? limit, longestTurn).then(() => socket.resume(), fail);
        }
      } catch (thrown) {
        fail(thrown);
      }
    }
    function fail(thrown: unknown): void {
      done = true;
      reject(thrown);
    }
    function finish(found: SpamdHead): void {
      done = true;
      const all = Buffer.concat(chunks, size);
      resolve({ head: found, body: all.subarray(found.size, found.size + (found.length ?? size)) });
    }
    // Node's parser still listens; what follows is not for it.
    socket.removeAllListeners("data");
    socket.removeAllListeners("end");
    socket.on("data", add);
    socket.on("end", () => {
      if (head !== null && head.length === null) finish(head);
      else fail(new Fault("bad-input", "the message broke off"));
    });
    socket.on("error", (error) => fail(new Fault("bad-input", "the message broke off", error)));
    socket.on("close", () => done || fail(new Fault("bad-input", "the message broke off")));
    socket.setTimeout(patience, () => fail(new Fault("late", "the message did not arrive in time")));
    add(start);
  });
}
