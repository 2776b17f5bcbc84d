// The filter as the fuzzer asks it: `bin/sluice serve`, over HTTP and milter, with what it costs.

import { connect } from "node:net";
import { startSluice } from "../servers/sluice.ts";
import { costOf, untilHung } from "./cost.ts";
import type { Random } from "./random.ts";
import type { Answer } from "./victim.ts";

export interface Gateways {
  ask(target: string, bytes: Buffer): Promise<Answer>;
  close(): Promise<void>;
}

export async function openGateways(): Promise<Gateways> {
  const sluice = await startSluice();
  const askers: Readonly<Record<string, (bytes: Buffer, signal: AbortSignal) => Promise<string>>> = {
    http: (bytes, signal) => overHttp(sluice.scan, bytes, signal),
    milter: (bytes, signal) => overMilter(sluice.milter, mailPackets(bytes), signal),
    "milter packets": (bytes, signal) => overMilter(sluice.milter, bytes, signal, true),
  };
  return {
    async ask(target, bytes) {
      const ask = askers[target];
      if (ask === undefined) throw new Error(`no target ${target}`);
      let before: ReturnType<typeof costOf>;
      try {
        before = costOf(sluice.pid());
      } catch {
        await sluice.start();
        before = costOf(sluice.pid());
      }
      let wrong: string;
      const hung = new AbortController();
      const stopWatching = untilHung(sluice.pid(), (_, why) => hung.abort(new Error(why)));
      try {
        wrong = await ask(bytes, hung.signal);
      } catch (error) {
        wrong = `no answer: ${error instanceof Error ? error.message : error}`;
      } finally {
        stopWatching();
      }
      if (hung.signal.aborted) await sluice.kill();
      try {
        const { cpu, memory } = costOf(sluice.pid());
        return { cpu: cpu - before.cpu, memory, wrong };
      } catch {
        return { cpu: 0, memory: 0, wrong: `the filter died; ${wrong}` };
      }
    },
    close: () => sluice.close(),
  };
}

/** A verdict, or an error that says so: "" for both. */
async function overHttp(url: string, bytes: Buffer, signal: AbortSignal): Promise<string> {
  const reply = await fetch(`${url}/checkv2`, {
    method: "POST",
    body: new Uint8Array(bytes),
    signal,
  });
  const text = await reply.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return `status ${reply.status} with a body that is no JSON: ${text.slice(0, 100)}`;
  }
  const keys = typeof body === "object" && body !== null ? body : {};
  if (reply.status === 200 && "action" in keys) return "";
  return reply.status >= 400 && "error" in keys ? "" : `status ${reply.status}: ${text.slice(0, 100)}`;
}

function packet(letter: string, payload: Buffer | string): Buffer<ArrayBuffer> {
  const data = typeof payload === "string" ? Buffer.from(payload, "latin1") : payload;
  const head = Buffer.from(`\0\0\0\0${letter}`, "latin1");
  head.writeUInt32BE(data.length + 1, 0);
  return Buffer.concat([head, data]);
}

const opening = Buffer.concat([
  packet("O", "\0\0\0\x06\0\0\x01\xff\0\x1f\xff\xff"),
  packet("C", "mx.example.net\x004\0\x19192.0.2.1\0"),
  packet("H", "mx.example.net\0"),
  packet("M", "<a@example.org>\0"),
  packet("R", "<b@example.net>\0"),
]);

/** A mail as Postfix would hand it over: fields without NUL, one packet each, then the body. */
function mailPackets(mail: Buffer): Buffer {
  const text = mail.toString("latin1");
  const empty = /\r?\n\r?\n/.exec(text);
  const end = empty?.index ?? text.length;
  const packets = [opening];
  for (const field of text.slice(0, end).split(/\r?\n(?![ \t])/, 5000)) {
    const colon = field.indexOf(":");
    if (colon < 1) continue;
    const [name, value] = [field.slice(0, colon), field.slice(colon + 1)].map((part) => part.replaceAll("\0", ""));
    packets.push(packet("L", `${name}\0${value}\0`));
  }
  packets.push(packet("N", ""));
  const body = mail.subarray(empty === null ? end : end + empty[0].length);
  for (let at = 0; at < body.length; at += 65_535) packets.push(packet("B", body.subarray(at, at + 65_535)));
  packets.push(packet("E", ""));
  return Buffer.concat(packets);
}

/** Replies that end a mail: accept, reject, tempfail, discard, a code. */
const finals = new Set([..."artdy"]);

/** Sends packets; "" when a reply ends the mail or the connection is closed. `anything`: what is sent may never make a
 *  mail, so silence is an answer after our end of the connection is closed. */
function overMilter(port: number, packets: Buffer, hung: AbortSignal, anything = false): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let received = Buffer.alloc(0);
    const done = (wrong: string) => {
      hung.removeEventListener("abort", onHung);
      socket.destroy();
      resolve(wrong);
    };
    const onHung = () => done(`no reply: ${hung.reason}`);
    hung.addEventListener("abort", onHung);
    socket.on("error", () => {});
    socket.on("close", () => done(""));
    socket.on("data", (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 5) {
        const length = received.readUInt32BE(0);
        if (length < 1 || length > 2_000_000) return done(`a reply of ${length} bytes`);
        if (received.length < length + 4) return;
        const letter = String.fromCharCode(received[4] ?? 0);
        received = received.subarray(length + 4);
        if (!anything && finals.has(letter)) return done("");
      }
    });
    if (anything) socket.end(packets);
    else socket.write(packets);
  });
}

/** Packets that are no mail: lengths that lie, commands out of order, arguments without their NUL. */
export function wildPackets(random: Random): Buffer {
  const packets: Buffer<ArrayBuffer>[] = random.once(3) ? [] : [opening];
  for (let left = 1 + random.below(20); left > 0; left--) {
    const letter = random.pick([..."OCHMRTLNBEAQKDUzZ\0"]);
    const payload = random.pick([
      () => random.bytes(random.below(60)),
      () => Buffer.from("a\0b\0c\0"),
      () => Buffer.from("Subject\0 x"),
      () => Buffer.from("{i}\0x\0{auth_authen}\0"),
      () => Buffer.alloc(random.below(70_000), 65),
      () => Buffer.alloc(0),
    ])();
    const made = packet(letter, payload);
    if (random.once(10)) made.writeUInt32BE(random.pick([0, 1, 0xffffffff, 0x7fffffff, payload.length]), 0);
    packets.push(made);
  }
  return Buffer.concat(packets);
}
