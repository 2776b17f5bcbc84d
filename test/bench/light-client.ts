// A client that costs next to nothing, for benchmarks on a machine whose cores the server should have: requests are
// made before the clock runs, connections stay open, and of an answer only its length is read.

import { connect, type Socket } from "node:net";

export interface Load {
  readonly perSecond: number;
  readonly failed: number;
}

/** The request of each mail, as bytes. */
export function requestsOf(mails: readonly Buffer[]): readonly Buffer[] {
  return mails.map((mail) => {
    const head = `POST /checkv2 HTTP/1.1\r\nHost: bench\r\nContent-Length: ${mail.length}\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), mail]);
  });
}

/** Sends every request once, over so many connections at a time. */
export async function send(port: number, requests: readonly Buffer[], connections: number): Promise<Load> {
  let next = 0;
  let failed = 0;
  const take = () => requests[next++];
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, () => converse(port, take, () => failed++)));
  return { perSecond: (requests.length * 1000) / (performance.now() - began), failed };
}

function converse(port: number, take: () => Buffer | undefined, onFailure: () => void): Promise<void> {
  return new Promise((done, broken) => {
    const socket = connect(port, "127.0.0.1");
    socket.setNoDelay(true);
    socket.once("error", broken);
    socket.once("close", () => done());
    /** Bytes of the answer that are still to come; undefined before its head. */
    let missing: number | undefined;
    let head = "";
    socket.on("data", (chunk) => {
      if (missing === undefined) {
        head += chunk.toString("latin1");
        const end = head.indexOf("\r\n\r\n");
        if (end < 0) return;
        if (!head.startsWith("HTTP/1.1 200 ")) onFailure();
        missing = Number(/\r\ncontent-length: *(\d+)/i.exec(head.slice(0, end + 2))?.[1]) - (head.length - end - 4);
        head = "";
      } else missing -= chunk.length;
      if (missing > 0) return;
      missing = undefined;
      ask(socket, take());
    });
    socket.once("connect", () => ask(socket, take()));
  });
}

function ask(socket: Socket, request: Buffer | undefined): void {
  if (request === undefined) socket.end();
  else socket.write(request);
}
