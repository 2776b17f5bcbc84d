// A small SMTP client (RFC 5321) that hands mail to the site's own mail server: one mail at a time, STARTTLS (RFC 3207)
// when it is offered.

import { connect, isIP, type Socket } from "node:net";
import { connect as startTls } from "node:tls";
import { Fault, toFault } from "../../shared/fault.ts";

export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  readonly helo: string;
  /** "required": with a certificate that holds for `host`. "offered" takes any, for the alternative is none. */
  readonly tls: "offered" | "required" | "never";
  /** ms for each answer. */
  readonly timeout: number;
}

export interface Mail {
  readonly from: string;
  readonly recipients: readonly string[];
  /** In ASCII, with CRLF. */
  readonly message: string;
}

export interface Sent {
  readonly accepted: readonly string[];
  /** Address and answer of the server. */
  readonly refused: readonly string[];
}

interface Reply {
  readonly code: number;
  readonly lines: readonly string[];
}

/** Characters of an answer, all lines together. */
const longestReply = 65_536;

export class SmtpConnection {
  readonly #options: SmtpOptions;
  #socket: Socket;
  #text = "";
  #ended: Fault | undefined;
  #wake: (() => void) | undefined;

  /** Connects and greets. Throws `unavailable` when that cannot be done now, `bad-config` when it never will. */
  static async open(options: SmtpOptions): Promise<SmtpConnection> {
    const connection = new SmtpConnection(options, connect(options.port, options.host));
    try {
      await connection.#greet();
      return connection;
    } catch (thrown) {
      connection.destroy();
      throw thrown;
    }
  }

  private constructor(options: SmtpOptions, socket: Socket) {
    this.#options = options;
    this.#socket = socket;
    this.#listen(socket);
  }

  /** Sends one mail. Throws `unavailable` when it may go out later, `bad-input` when the server will not have it. */
  async send({ from, recipients, message }: Mail): Promise<Sent> {
    this.#expect(await this.#ask(`MAIL FROM:<${from}>`), 250);
    const accepted: string[] = [];
    const refused: string[] = [];
    let temporary = false;
    for (const address of recipients) {
      const reply = await this.#ask(`RCPT TO:<${address}>`);
      if (reply.code === 250 || reply.code === 251) accepted.push(address);
      else {
        refused.push(`${address}: ${shown(reply)}`);
        temporary ||= reply.code < 500;
      }
    }
    if (accepted.length === 0) {
      await this.#ask("RSET");
      if (temporary) throw new Fault("unavailable", `the mail server takes nobody now: ${refused.join("; ")}`);
      return { accepted, refused };
    }
    this.#expect(await this.#ask("DATA"), 354);
    // RFC 5321, 4.5.2
    this.#socket.write(`${message.replace(/^\./gm, "..")}${message.endsWith("\r\n") ? "" : "\r\n"}.\r\n`, "latin1");
    this.#expect(await this.#reply(), 250);
    return { accepted, refused };
  }

  /** Says goodbye. Never throws. */
  async close(): Promise<void> {
    await this.#ask("QUIT").catch(() => undefined);
    this.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async #greet(): Promise<void> {
    const { tls, host } = this.#options;
    this.#expect(await this.#reply(), 220);
    const offers = await this.#hello();
    if (tls === "never") return;
    if (!offers.has("STARTTLS")) {
      if (tls === "required") throw new Fault("bad-config", `${host} does not offer STARTTLS`);
      return;
    }
    this.#expect(await this.#ask("STARTTLS"), 220);
    // RFC 3207, 6: what was said before the keys were is nobody's word.
    if (this.#text !== "") throw new Fault("unavailable", `${host} spoke before TLS was there`);
    await this.#secure();
    await this.#hello();
  }

  async #hello(): Promise<ReadonlySet<string>> {
    const { helo } = this.#options;
    const reply = await this.#ask(`EHLO ${helo}`);
    if (reply.code === 250)
      return new Set(reply.lines.slice(1).map((line) => (line.split(" ")[0] ?? "").toUpperCase()));
    this.#expect(await this.#ask(`HELO ${helo}`), 250);
    return new Set();
  }

  async #secure(): Promise<void> {
    const { host, tls, timeout } = this.#options;
    const plain = this.#socket;
    plain.removeAllListeners("data").removeAllListeners("timeout");
    const rejectUnauthorized = tls === "required";
    const secure = startTls({ socket: plain, rejectUnauthorized, ...(isIP(host) === 0 ? { servername: host } : {}) });
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Fault("unavailable", `${host} does not finish TLS`)), timeout);
      const end = (thrown?: unknown) => {
        clearTimeout(late);
        if (thrown === undefined) resolve();
        else reject(new Fault("unavailable", `TLS with ${host}: ${toFault(thrown).message}`, thrown));
      };
      secure.once("secureConnect", () => end());
      secure.once("error", end);
    });
    this.#socket = secure;
    this.#listen(secure);
  }

  #listen(socket: Socket): void {
    const end = (fault: Fault) => {
      this.#ended ??= fault;
      this.#wake?.();
    };
    const { host, port, timeout } = this.#options;
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

  #ask(command: string): Promise<Reply> {
    // No address and no name may end the line.
    if (/[^\x20-\x7e]/.test(command)) throw new Fault("bad-input", `"${command.slice(0, 80)}" is no command`);
    this.#socket.write(`${command}\r\n`, "latin1");
    return this.#reply();
  }

  async #reply(): Promise<Reply> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.#line();
      const [, code, more, text = ""] = /^(\d{3})([ -]?)(.*)$/.exec(line) ?? [];
      if (code === undefined) throw new Fault("unavailable", `the mail server says "${line.slice(0, 80)}"`);
      lines.push(text);
      if (more !== "-") return { code: Number(code), lines };
      if (lines.length > 1_000) throw new Fault("unavailable", "the mail server does not stop talking");
    }
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

  #expect(reply: Reply, code: number): void {
    if (reply.code === code) return;
    const text = `the mail server says ${shown(reply)}`;
    throw new Fault(reply.code >= 500 ? "bad-input" : "unavailable", text);
  }
}

function shown({ code, lines }: Reply): string {
  return `${code} ${lines.join(" ")}`.replace(/[^\x20-\x7e]/g, "?").slice(0, 300);
}
