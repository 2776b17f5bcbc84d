// Queries to one name server over UDP. Each socket has a port that the system chose by chance and lives for a while;
// together with the id by chance, who does not see the queries cannot answer them (RFC 5452, 4.3 to 4.5).

import { randomFillSync } from "node:crypto";
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";

/** Who waits for a reply. */
export interface Listener {
  /** A message from the server with the id of the query. `false`: it is not the reply, keep listening. */
  hear(message: Buffer): boolean;
  /** The server cannot be reached, or no socket be had. */
  unreachable(): void;
}

/** A query that was sent. */
export interface Sent {
  /** Nobody waits for its reply any more. */
  forget(): void;
}

/** A port is given up after so many queries or ms: what was found out about it is worth nothing then. */
const queriesPerPort = 2_000;
const portAge = 60_000;

/** Queries of one port at once: an id by chance is found soon while most are free. */
const maxWaiting = 8_192;

export class UdpServer {
  readonly #address: string;
  readonly #port: number;
  readonly #ports: (Port | undefined)[];
  #next = 0;

  constructor(address: string, port: number, sockets: number) {
    this.#address = address;
    this.#port = port;
    this.#ports = new Array<undefined>(sockets).fill(undefined);
  }

  /** Sends the query that `write` makes for an id. */
  send(write: (id: number) => Buffer, listener: Listener): Sent {
    this.#next = (this.#next + 1) % this.#ports.length;
    let port = this.#ports[this.#next];
    if (port === undefined || port.isSpent) {
      port?.retire();
      port = new Port(this.#address, this.#port);
      this.#ports[this.#next] = port;
    }
    return port.send(write, listener);
  }

  /** What is on its way still gets its replies. */
  close(): void {
    for (const port of this.#ports.splice(0)) port?.retire();
  }
}

class Port {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Listener>();
  readonly #opened = performance.now();
  #remote: { readonly address: string; readonly port: number } | undefined;
  /** What is to be sent when the socket is ready. */
  #early: Buffer[] | undefined = [];
  #sent = 0;
  #retired = false;
  #closed = false;

  constructor(address: string, port: number) {
    this.#socket = createSocket({
      type: isIPv6(address) ? "udp6" : "udp4",
      // An address needs no lookup, and no turn of the event loop for it.
      lookup: (host, _options, callback) => callback(null, host, isIPv6(host) ? 6 : 4),
    });
    // A query that is waited for has a timer, which keeps the process.
    this.#socket.unref();
    this.#socket.on("message", (message, from) => this.#hear(message, from));
    this.#socket.on("error", () => this.#fail());
    this.#socket.on("connect", () => this.#ready());
    // Exclusive: else a worker's sockets are those of its parent. Connected: the system drops what others send, and says
    // when nobody listens.
    try {
      this.#socket.bind({ port: 0, exclusive: true }, () => {
        if (!this.#closed) this.#socket.connect(port, address);
      });
    } catch {
      this.#fail();
    }
  }

  get isSpent(): boolean {
    return this.#closed || this.#sent >= queriesPerPort || performance.now() - this.#opened > portAge;
  }

  send(write: (id: number) => Buffer, listener: Listener): Sent {
    const id = this.#freeId();
    if (this.#closed || id === undefined) {
      queueMicrotask(() => listener.unreachable());
      return { forget() {} };
    }
    this.#waiting.set(id, listener);
    this.#sent += 1;
    const query = write(id);
    if (this.#early === undefined) this.#transmit(query);
    else this.#early.push(query);
    return { forget: () => this.#forget(id, listener) };
  }

  /** Takes no more queries, and closes when the last has its reply or is forgotten. */
  retire(): void {
    this.#retired = true;
    if (this.#waiting.size === 0) this.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#early = undefined;
    this.#socket.close();
  }

  #ready(): void {
    if (this.#closed) return;
    this.#remote = this.#socket.remoteAddress();
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const query of early) this.#transmit(query);
  }

  #transmit(query: Buffer): void {
    // A datagram that the system does not take (a full buffer) is a datagram lost: the query is sent again.
    this.#socket.send(query);
  }

  #hear(message: Buffer, from: RemoteInfo): void {
    if (message.length < 2 || from.port !== this.#remote?.port || from.address !== this.#remote.address) return;
    const id = message.readUInt16BE(0);
    const listener = this.#waiting.get(id);
    if (listener?.hear(message) === true) this.#forget(id, listener);
  }

  #forget(id: number, listener: Listener): void {
    if (this.#waiting.get(id) === listener) this.#waiting.delete(id);
    if (this.#retired && this.#waiting.size === 0) this.close();
  }

  /** Nobody listens there (ICMP), or there is no such way out. It concerns all that wait. */
  #fail(): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    this.close();
    for (const listener of waiting) listener.unreachable();
  }

  #freeId(): number | undefined {
    if (this.#waiting.size >= maxWaiting) return undefined;
    let id = randomId();
    while (this.#waiting.has(id)) id = randomId();
    return id;
  }
}

/** Numbers by chance, fetched many at a time. */
const ids = new Uint16Array(1_024);
let idsUsed = ids.length;

function randomId(): number {
  if (idsUsed === ids.length) {
    randomFillSync(ids);
    idsUsed = 0;
  }
  return ids[idsUsed++] ?? 0;
}
