// One connection of a mail server: its socket, its session, and the end of both.

import type { Socket } from "node:net";
import { toFault } from "../../shared/fault.ts";
import type { Log } from "../../shared/log.ts";
import { Session, type SessionOptions } from "./session.ts";
import { FrameReader } from "./wire/frame.ts";

export interface ConnectionOptions extends Omit<SessionOptions, "send"> {
  /** Largest packet in bytes. */
  readonly maxPacket: number;
  /** ms of silence after which a server is taken for gone. */
  readonly idle: number;
}

export class Connection {
  /** Resolves when the socket is closed and nothing of it is at work. */
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #session: Session;
  readonly #reader: FrameReader;
  readonly #log: Log;
  #draining = false;
  #deciding = false;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#log = options.log;
    this.#reader = new FrameReader(options.maxPacket);
    this.#session = new Session({ ...options, send: (bytes) => this.#send(bytes) });
    socket.setNoDelay(true);
    socket.setTimeout(options.idle, () => this.#onIdle());
    // An error also ends the loop that reads, and is logged there.
    socket.on("error", () => {});
    this.closed = this.#run();
  }

  /** Ends between mails: now, or when the one under way is done. */
  drain(): void {
    this.#draining = true;
    // Soon: the verdict of the last mail may still be on its way.
    if (this.#session.mailId === undefined) this.#socket.destroySoon();
  }

  /** Ends now. The server puts off the mail under way. */
  destroy(): void {
    this.#socket.destroy();
  }

  #send(bytes: Buffer): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  async #run(): Promise<void> {
    const socket = this.#socket;
    try {
      // Reading stops while a mail is decided on; what arrives then waits in the kernel.
      for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
        this.#reader.push(chunk);
        await this.#receive();
        if (this.#done) break;
      }
      this.#onEnd();
    } catch (thrown) {
      this.#onFailure(thrown);
    }
    this.#session.close();
    // The last reply must be out before the socket goes.
    socket.end(() => socket.destroy());
    if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
  }

  get #done(): boolean {
    return this.#session.ended || (this.#draining && this.#session.mailId === undefined);
  }

  async #receive(): Promise<void> {
    for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
      const waiting = this.#session.receive(frame);
      if (waiting !== undefined) await this.#decided(waiting);
      if (this.#done) return;
    }
  }

  async #decided(waiting: Promise<void>): Promise<void> {
    const task = this.#session.mailId;
    this.#deciding = true;
    try {
      await waiting;
    } finally {
      this.#deciding = false;
    }
    if (!this.#socket.writable) this.#log.warn({ task }, "server left before the verdict");
  }

  #onIdle(): void {
    if (this.#deciding) return;
    this.#log.info({ task: this.#session.mailId, reason: "idle" }, "connection closed");
    this.#socket.destroy();
  }

  #onEnd(): void {
    if (this.#session.mailId === undefined && this.#reader.atBoundary) return;
    this.#log.info({ task: this.#session.mailId, reason: "server left" }, "connection ended in the middle of a mail");
  }

  #onFailure(thrown: unknown): void {
    const { code, message } = toFault(thrown);
    // Servers leave without goodbye between mails all the time.
    if (this.#session.mailId === undefined && code === "failed") return;
    this.#log.warn({ task: this.#session.mailId, code, reason: message }, "connection closed");
  }
}
