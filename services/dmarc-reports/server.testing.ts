// A mail server for tests that says what it is told to say, and keeps what it is sent.

import { createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";

export interface Kept {
  readonly from: string;
  readonly recipients: readonly string[];
  /** With CRLF line ends, dots unstuffed. */
  readonly message: string;
  readonly secure: boolean;
}

export interface TestServer {
  readonly port: number;
  readonly kept: readonly Kept[];
  /** Commands of all connections, in order. */
  readonly commands: readonly string[];
  connections: number;
  close(): Promise<void>;
}

export interface Script {
  /** PEM; with it STARTTLS is offered. */
  readonly key?: string;
  readonly cert?: string;
  /** The answer to a command; undefined: the usual one. "" says nothing, "!" closes the connection. */
  reply?(command: string, connection: number): string | undefined;
  readonly greeting?: string;
}

export async function startServer(script: Script = {}): Promise<TestServer> {
  const kept: Kept[] = [];
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    tested.connections += 1;
    converse(socket, script, tested.connections, commands, kept);
    socket.write(script.greeting ?? "220 sink.example.org ESMTP\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const tested: TestServer = {
    port: typeof address === "object" && address !== null ? address.port : 0,
    kept,
    commands,
    connections: 0,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return tested;
}

const endOfData = "\r\n.\r\n";

function converse(
  socket: Socket,
  script: Script,
  number: number,
  commands: string[],
  kept: Kept[],
  secure = false,
): void {
  let text = "";
  let from = "";
  let recipients: string[] = [];
  let inData = false;
  const answer = (command: string, usual: string): boolean => {
    const reply = script.reply?.(command, number) ?? usual;
    if (reply === "!") socket.destroy();
    else if (reply !== "") socket.write(`${reply}\r\n`);
    return reply.startsWith("2") || reply.startsWith("3");
  };
  const take = (): boolean => {
    const end = inData ? text.indexOf(endOfData) : text.indexOf("\r\n");
    if (end < 0) return false;
    const taken = text.slice(0, end);
    text = text.slice(end + (inData ? endOfData.length : 2));
    if (inData) {
      inData = false;
      const message = `${taken}\r\n`.replace(/^\.\./gm, ".");
      if (answer(".", "250 2.0.0 kept")) kept.push({ from, recipients, message, secure });
      recipients = [];
      return true;
    }
    commands.push(taken);
    const verb = taken.slice(0, 4).toUpperCase();
    const path = /<(.*?)>/.exec(taken)?.[1] ?? "";
    if (verb === "EHLO") answer(taken, `250-sink\r\n${script.key && !secure ? "250-STARTTLS\r\n" : ""}250 8BITMIME`);
    else if (verb === "STAR") {
      if (!answer(taken, "220 go on") || script.key === undefined || script.cert === undefined) return true;
      socket.removeAllListeners("data");
      const tls = new TLSSocket(socket, { isServer: true, key: script.key, cert: script.cert });
      tls.on("error", () => {});
      converse(tls, script, number, commands, kept, true);
      return false;
    } else if (verb === "DATA") inData = answer(taken, "354 go on");
    else if (answer(taken, "250 2.0.0 ok")) {
      if (verb === "MAIL") from = path;
      if (verb === "RCPT") recipients.push(path);
      if (verb === "RSET") recipients = [];
      if (verb === "QUIT") socket.end();
    }
    return true;
  };
  socket.setEncoding("latin1");
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    text += chunk;
    while (take());
  });
}
