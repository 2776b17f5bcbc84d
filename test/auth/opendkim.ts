// OpenDKIM as a milter, and the mail server that asks it: values of headers go over with the blanks they have.

import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../servers/free-port.ts";
import { endServer, startServer } from "../servers/process.ts";

/** A header that the filter asks for. */
export interface Inserted {
  readonly name: string;
  readonly value: string;
}

export interface OpenDkim {
  /** Hands over one message and answers with the headers that are to be added. */
  send(raw: Buffer): Promise<readonly Inserted[]>;
  close(): Promise<void>;
}

/** @param settings lines of opendkim.conf; @param files further files that they name as FOLDER/name */
export async function startOpenDkim(
  settings: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<OpenDkim> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-opendkim-"));
  const port = await freePort();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o600 });
  const lines = ["Syslog no", "RequireSafeKeys no", ...settings.map((line) => line.replaceAll("FOLDER", folder))];
  writeFileSync(join(folder, "opendkim.conf"), `${lines.join("\n")}\n`);
  const args = ["-f", "-x", join(folder, "opendkim.conf"), "-p", `inet:${port}@127.0.0.1`];
  let child: ChildProcess | undefined;
  try {
    child = await startServer({ command: "opendkim", args, debian: "opendkim", port });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const running = child;
  return {
    send: (raw) => sendMail(port, raw),
    async close() {
      await endServer(running, "SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Version 6, every action, and of the steps only SMFIP_HDR_LEADSPC. */
const offer = Buffer.from([0, 0, 0, 6, 0, 0, 1, 0xff, 0, 0x10, 0, 0]);

/** Bytes of a body that a packet holds. */
const chunk = 65_535;

async function sendMail(port: number, raw: Buffer): Promise<readonly Inserted[]> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  try {
    const replies = packetsFrom(socket);
    const ask = async (letter: string, payload: Buffer): Promise<string> => {
      socket.write(packet(letter, payload));
      const { value } = await replies.next();
      return value?.subarray(0, 1).toString("latin1") ?? "";
    };
    await ask("O", offer);
    await ask("C", Buffer.from("client.example\x004\x00\x19192.0.2.1\0", "latin1"));
    await ask("M", Buffer.from("<a@example.org>\0"));
    await ask("R", Buffer.from("<b@example.net>\0"));
    const text = raw.toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    for (const field of text.slice(0, end).split(/\r\n(?![ \t])/)) {
      const colon = field.indexOf(":");
      const value = field.slice(colon + 1).replaceAll("\r\n", "\n");
      await ask("L", Buffer.from(`${field.slice(0, colon)}\0${value}\0`, "latin1"));
    }
    await ask("N", Buffer.alloc(0));
    for (let at = end + 4; at < raw.length; at += chunk) await ask("B", raw.subarray(at, at + chunk));
    socket.write(packet("E", Buffer.alloc(0)));
    const inserted: Inserted[] = [];
    for await (const reply of replies) {
      const letter = reply.subarray(0, 1).toString("latin1");
      if (letter === "i" || letter === "h") {
        const [name = "", value = ""] = reply
          .subarray(letter === "i" ? 5 : 1)
          .toString("latin1")
          .split("\0");
        inserted.push({ name, value });
      } else if (letter !== "p") break;
    }
    return inserted;
  } finally {
    socket.destroy();
  }
}

function packet(letter: string, payload: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + 1, 0);
  head.write(letter, 4, "latin1");
  return Buffer.concat([head, payload]);
}

async function* packetsFrom(socket: Socket): AsyncGenerator<Buffer, undefined> {
  let received = Buffer.alloc(0);
  for await (const bytes of socket) {
    received = Buffer.concat([received, bytes]);
    while (received.length >= 4 && received.length >= 4 + received.readUInt32BE(0)) {
      const end = 4 + received.readUInt32BE(0);
      yield received.subarray(4, end);
      received = received.subarray(end);
    }
  }
  return undefined;
}
