// Bytes over a socket, for what a well-behaved HTTP client would never send.

import { connect } from "node:net";

/** Sends the pieces, with a turn of the event loop between them, and answers with all that comes back. */
export function talk(url: string, pieces: readonly (string | Buffer)[], keepOpen = true): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", (error) => (chunks.length > 0 ? undefined : reject(error)));
    socket.on("end", () => socket.end());
    socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
    socket.on("connect", async () => {
      for (const piece of pieces) {
        await new Promise((sent) => socket.write(piece, sent));
        await new Promise(setImmediate);
      }
      if (!keepOpen) socket.end();
    });
  });
}
