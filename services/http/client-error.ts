// Answers to what is no HTTP request at all, or none that ends in time.

import type { Socket } from "node:net";
import type { ClientErrorListener } from "./server.ts";
import { looksLikeSpamd } from "./spamd-request.ts";

const answers: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
};

/** ms. */
const lingering = 2_000;

/** `spamd` takes over connections that speak an older protocol; without it they are refused like any other noise. */
export function clientErrorListener(spamd?: (start: Buffer, socket: Socket) => void): ClientErrorListener {
  const taken = new WeakSet<Socket>();
  return (error, socket) => {
    if (taken.has(socket)) return;
    if (error.code === "ECONNRESET" || !socket.writable) {
      socket.destroy();
      return;
    }
    if (spamd !== undefined && error.rawPacket !== undefined && looksLikeSpamd(error.rawPacket)) {
      taken.add(socket);
      spamd(error.rawPacket, socket);
      return;
    }
    refuse(socket, answers[error.code ?? ""] ?? "400 Bad Request");
  };
}

function refuse(socket: Socket, status: string): void {
  const body = `{"error":"${status.slice(4).toLowerCase()}"}`;
  const headers = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close`;
  endSoon(socket, `HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`);
}

/** Sends the last bytes and closes. A peer that keeps its side open gets a while to read them, and is cut then. */
export function endSoon(socket: Socket, last: string): void {
  socket.end(last);
  socket.setTimeout(lingering, () => socket.destroy());
}
