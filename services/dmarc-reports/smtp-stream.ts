// The line to a mail server: commands out and answers in (RFC 5321, 4.2), in clear or through TLS.

import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { Fault, toFault } from "../../shared/fault.ts";
import { type SecretWatch, watchSecrets } from "./secret-watch.ts";

export interface Place {
  readonly host: string;
  readonly port: number;
  /** ms for each answer. */
  readonly timeout: number;
}

export interface Reply {
  readonly code: number;
  /** What follows the code, in latin1. */
  readonly lines: readonly string[];
}

/** Characters of an answer, all lines together. */
const longestReply = 65_536;

export class SmtpStream {
  readonly #place: Place;
  #socket: Socket;
  #text = "";
  #ended: Fault | undefined;
  #wake: (() => void) | undefined;
  #givesAway: SecretWatch = () => false;

  /** Connects; what goes wrong with that is thrown by the first `reply`. */
  static open(place: Place): SmtpStream {
    return new SmtpStream(place, connect(place.port, place.host));
  }

  /** TLS from the first byte (RFC 8314, 3), with a certificate that holds for the host. Throws `unavailable`. */
  static async openTls(place: Place): Promise<SmtpStream> {
    return new SmtpStream(place, await encrypt(place, true));
  }

  private constructor(place: Place, socket: Socket) {
    this.#place = place;
    this.#socket = socket;
    this.#listen(socket);
  }

  /** Address of the server, once it has said something. */
  get peer(): string {
    return this.#socket.remoteAddress ?? "";
  }

  /** Goes on through TLS. `verified`: with a certificate that holds for the host. Throws `unavailable`. */
  async startTls(verified: boolean): Promise<void> {
    // RFC 3207, 6: what was said before the keys were is nobody's word.
    if (this.#text !== "") throw new Fault("unavailable", `${this.#place.host} spoke before TLS was there`);
    const plain = this.#socket;
    plain.removeAllListeners("data").removeAllListeners("timeout");
    this.#socket = await encrypt(this.#place, verified, plain);
    this.#listen(this.#socket);
  }

  ask(command: string): Promise<Reply> {
    // No address and no name may end the line.
    if (/[^\x20-\x7e]/.test(command)) throw new Fault("bad-input", `"${command.slice(0, 80)}" is no command`);
    return this.give(`${command}\r\n`);
  }

  /** Sends `text` as it is, in latin1. */
  give(text: string): Promise<Reply> {
    this.#socket.write(text, "latin1");
    return this.reply();
  }

  /** The next answer, however the server means it. Throws `unavailable` when there is none. */
  async reply(): Promise<Reply> {
    const lines: string[] = [];
    let size = 0;
    for (;;) {
      const line = await this.#line();
      const [, code, more, text = ""] = /^(\d{3})([ -]?)(.*)$/.exec(line) ?? [];
      if (code === undefined) throw new Fault("unavailable", `the mail server says ${this.#quoted(line)}`);
      lines.push(text);
      size += line.length;
      if (more !== "-") return { code: Number(code), lines };
      if (lines.length > 1_000 || size > longestReply) {
        throw new Fault("unavailable", "the mail server does not stop talking");
      }
    }
  }

  /** Throws `bad-input` for another answer than `code` that is for ever, `unavailable` for one that is for now. */
  expect(reply: Reply, code: number): void {
    if (reply.code === code) return;
    throw new Fault(reply.code >= 500 ? "bad-input" : "unavailable", `the mail server says ${this.shown(reply)}`);
  }

  /** From now on answers that hold one of these, or a piece of one, are shown without their words. */
  conceal(secrets: readonly string[]): void {
    this.#givesAway = watchSecrets(secrets);
  }

  /** An answer, for people to read. */
  shown({ code, lines }: Reply): string {
    const text = lines.join(" ");
    if (this.#givesAway(text)) return `${code}, in words that quote the password`;
    return `${code} ${text}`.replace(/[^\x20-\x7e]/g, "?").slice(0, 300);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #quoted(line: string): string {
    if (this.#givesAway(line)) return "what is no answer, and quotes the password";
    return `"${line.slice(0, 80).replace(/[^\x20-\x7e]/g, "?")}"`;
  }

  #listen(socket: Socket): void {
    const end = (fault: Fault) => {
      this.#ended ??= fault;
      this.#wake?.();
    };
    const { host, port, timeout } = this.#place;
    socket.setEncoding("latin1");
    socket.setTimeout(timeout, () => {
      end(new Fault("unavailable", `${host}:${port} does not answer`));
      socket.destroy();
    });
    socket.on("data", (chunk) => {
      this.#text += String(chunk);
      if (this.#text.length > longestReply) {
        end(new Fault("unavailable", `${host}:${port} does not stop talking`));
        socket.destroy();
      }
      this.#wake?.();
    });
    socket.on("error", (thrown) => end(new Fault("unavailable", `${host}:${port}: ${thrown.message}`, thrown)));
    socket.on("close", () => end(new Fault("unavailable", `${host}:${port} closed the connection`)));
  }

  async #line(): Promise<string> {
    for (;;) {
      const end = this.#text.indexOf("\n");
      if (end !== -1) {
        const line = this.#text.slice(0, end).replace(/\r$/, "");
        this.#text = this.#text.slice(end + 1);
        return line;
      }
      if (this.#ended !== undefined) throw this.#ended;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** TLS through `plain`, or through a connection of its own. */
function encrypt({ host, port, timeout }: Place, verified: boolean, plain?: Socket): Promise<Socket> {
  const socket = connectTls({
    // Also through `plain`: the certificate is held against this name or address.
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(plain === undefined ? { port } : { socket: plain }),
    rejectUnauthorized: verified,
  });
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => fail(new Fault("unavailable", `${host} does not finish TLS`)), timeout);
    const fail = (fault: Fault) => {
      clearTimeout(late);
      socket.destroy();
      reject(fault);
    };
    socket.once("secureConnect", () => {
      clearTimeout(late);
      resolve(socket);
    });
    socket.on("error", (thrown) => {
      fail(new Fault("unavailable", `TLS with ${host}: ${toFault(thrown).message}`, thrown));
    });
  });
}
