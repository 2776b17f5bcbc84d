// An SMTP server that keeps what it is sent: where mail that went through the filter ends up.

import { createServer, type Socket } from "node:net";

export interface Delivered {
  readonly from: string;
  readonly rcpts: readonly string[];
  /** With CRLF line ends, dots unstuffed. */
  readonly message: string;
}

export interface Sink {
  readonly port: number;
  readonly delivered: readonly Delivered[];
  /** The first mail that matches, delivered already or to come within half a minute. */
  find(matches: (mail: Delivered) => boolean): Promise<Delivered>;
  close(): Promise<void>;
}

export async function startSink(): Promise<Sink> {
  const delivered: Delivered[] = [];
  const waiting = new Set<() => void>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    converse(socket, (mail) => {
      delivered.push(mail);
      for (const look of waiting) look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    delivered,
    find: (matches) =>
      new Promise((resolve, reject) => {
        const patience = setTimeout(() => reject(new Error("no such mail has arrived")), 30_000);
        const look = () => {
          const mail = delivered.find(matches);
          if (mail === undefined) return;
          clearTimeout(patience);
          waiting.delete(look);
          resolve(mail);
        };
        waiting.add(look);
        look();
      }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const endOfData = "\r\n.\r\n";

function converse(socket: Socket, keep: (mail: Delivered) => void): void {
  let text = "";
  let from = "";
  let rcpts: string[] = [];
  let inData = false;
  const reply = (line: string) => void socket.write(`${line}\r\n`);
  const take = (): boolean => {
    const end = inData ? text.indexOf(endOfData) : text.indexOf("\r\n");
    if (end < 0) return false;
    const taken = text.slice(0, end);
    text = text.slice(end + (inData ? endOfData.length : 2));
    if (inData) {
      inData = false;
      keep({ from, rcpts, message: `${taken}\r\n`.replace(/^\.\./gm, ".") });
      rcpts = [];
      reply("250 2.0.0 kept");
      return true;
    }
    const path = /<(.*?)>/.exec(taken)?.[1] ?? "";
    const verb = taken.slice(0, 4).toUpperCase();
    if (verb === "MAIL") from = path;
    if (verb === "RCPT") rcpts.push(path);
    if (verb === "RSET") rcpts = [];
    inData = verb === "DATA";
    reply(inData ? "354 go on" : verb === "EHLO" ? "250-sink.example.org\r\n250 8BITMIME" : "250 2.0.0 ok");
    if (verb === "QUIT") socket.end();
    return true;
  };
  socket.setEncoding("latin1");
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    text += chunk;
    while (take());
  });
  reply("220 sink.example.org ESMTP");
}
