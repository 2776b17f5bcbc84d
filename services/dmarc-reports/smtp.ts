// A small SMTP client (RFC 5321) that hands mail to the site's own mail server: one mail at a time, with TLS (RFC 3207,
// RFC 8314) and a login (RFC 4954) where they are wanted.

import { Fault } from "../../shared/fault.ts";
import { isLoopback } from "../../shared/network.ts";
import { isOnThisMachine, type Login, logIn, mechanismsOf } from "./smtp-login.ts";
import { type Place, SmtpStream } from "./smtp-stream.ts";

export interface SmtpOptions extends Place {
  readonly helo: string;
  /**
   * "required" and "implicit" (from the first byte): with a certificate that holds for `host`. "offered" takes any, for
   * the alternative is none; with a login it is "required", except on this machine.
   */
  readonly tls: "offered" | "required" | "never" | "implicit";
  readonly login?: Login | undefined;
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

interface Offers {
  readonly startTls: boolean;
  readonly mechanisms: ReadonlySet<string>;
}

export class SmtpConnection {
  readonly #options: SmtpOptions;
  readonly #stream: SmtpStream;

  /** Connects, greets and logs in. Throws `unavailable` when that cannot be done now, `bad-config` when it never will. */
  static async open(options: SmtpOptions): Promise<SmtpConnection> {
    const stream = options.tls === "implicit" ? await SmtpStream.openTls(options) : SmtpStream.open(options);
    const connection = new SmtpConnection(options, stream);
    try {
      await connection.#greet();
      return connection;
    } catch (thrown) {
      connection.destroy();
      throw thrown;
    }
  }

  private constructor(options: SmtpOptions, stream: SmtpStream) {
    this.#options = options;
    this.#stream = stream;
  }

  /** Sends one mail. Throws `unavailable` when it may go out later, `bad-input` when the server will not have it. */
  async send({ from, recipients, message }: Mail): Promise<Sent> {
    const stream = this.#stream;
    stream.expect(await stream.ask(`MAIL FROM:<${from}>`), 250);
    const accepted: string[] = [];
    const refused: string[] = [];
    let temporary = false;
    for (const address of recipients) {
      const reply = await stream.ask(`RCPT TO:<${address}>`);
      if (reply.code === 250 || reply.code === 251) accepted.push(address);
      else {
        refused.push(`${address}: ${stream.shown(reply)}`);
        temporary ||= reply.code < 500;
      }
    }
    if (accepted.length === 0) {
      await stream.ask("RSET");
      if (temporary) throw new Fault("unavailable", `the mail server takes nobody now: ${refused.join("; ")}`);
      return { accepted, refused };
    }
    stream.expect(await stream.ask("DATA"), 354);
    // RFC 5321, 4.5.2
    const stuffed = message.replace(/^\./gm, "..");
    stream.expect(await stream.give(`${stuffed}${message.endsWith("\r\n") ? "" : "\r\n"}.\r\n`), 250);
    return { accepted, refused };
  }

  /** Says goodbye. Never throws. */
  async close(): Promise<void> {
    await this.#stream.ask("QUIT").catch(() => undefined);
    this.destroy();
  }

  destroy(): void {
    this.#stream.destroy();
  }

  async #greet(): Promise<void> {
    const { tls, host, login } = this.#options;
    const stream = this.#stream;
    stream.expect(await stream.reply(), 220);
    let offers = await this.#hello();
    // Names can lie: the other end has to be here, too.
    const mayListen = !(isOnThisMachine(host) && isLoopback(stream.peer));
    const verified = tls === "required" || (login !== undefined && mayListen);
    let secure = tls === "implicit";
    if ((tls === "offered" || tls === "required") && offers.startTls) {
      stream.expect(await stream.ask("STARTTLS"), 220);
      await stream.startTls(verified);
      secure = true;
      // RFC 3207, 4.2: what was offered before, logins too, is forgotten.
      offers = await this.#hello();
    } else if (tls === "required") throw new Fault("bad-config", `${host} does not offer STARTTLS`);
    if (login === undefined) return;
    // A connection that is secure is verified here, for `mayListen` asks for that.
    if (!secure && mayListen) throw new Fault("bad-config", inClear(host, tls));
    await logIn(stream, login, offers.mechanisms);
  }

  async #hello(): Promise<Offers> {
    const { helo } = this.#options;
    const stream = this.#stream;
    const { code, lines } = await stream.ask(`EHLO ${helo}`);
    // The first line is the server's name.
    const offered = code === 250 ? lines.slice(1) : [];
    if (code !== 250) stream.expect(await stream.ask(`HELO ${helo}`), 250);
    const startTls = offered.some((line) => line.split(" ")[0]?.toUpperCase() === "STARTTLS");
    return { startTls, mechanisms: mechanismsOf(offered) };
  }
}

function inClear(host: string, tls: SmtpOptions["tls"]): string {
  const why = tls === "never" ? 'smtp_tls is "never"' : "it does not offer STARTTLS";
  const what = 'give it TLS and set smtp_tls to "required", or "implicit" (port 465)';
  return `the password does not go to ${host} in clear: ${why}; ${what}`;
}
