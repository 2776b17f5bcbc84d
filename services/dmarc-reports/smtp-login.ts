// Logging in to a mail server (RFC 4954), with PLAIN (RFC 4616) or, where that is not offered, LOGIN.

import { Fault } from "../../shared/fault.ts";
import { isLoopback } from "../../shared/network.ts";
import type { Reply, SmtpStream } from "./smtp-stream.ts";

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Octets of a user or a password: in base64 both fit into a line of 12,288 (RFC 4954, 4). */
const longestWord = 4_096;

/** Octets of a command with its CRLF (RFC 5321, 4.5.3.1.4). */
const longestCommand = 512;

/** What is wrong with a user or a password, for the operator. It does not quote it. */
export function wordTrouble(word: string): string | undefined {
  // RFC 4616, 2 divides by NUL; an end of line is what came along from a file.
  if (/[\0\r\n]/.test(word)) return "it holds the end of a line, or NUL";
  if (Buffer.byteLength(word) > longestWord) return `it has more than ${longestWord} bytes`;
  return undefined;
}

/** Whether a mail server is on this machine by its name: nobody can listen on the way there. */
export function isOnThisMachine(host: string): boolean {
  // RFC 6761, 6.3
  return isLoopback(host) || host.toLowerCase() === "localhost";
}

/** Mechanisms of an answer to EHLO, in capitals. */
export function mechanismsOf(lines: readonly string[]): ReadonlySet<string> {
  const mechanisms = new Set<string>();
  for (const line of lines) {
    // With "=" some servers say it again, for clients from before there was a standard.
    const [, list = ""] = /^AUTH[ =](.*)$/i.exec(line) ?? [];
    for (const name of list.split(" ")) if (name !== "") mechanisms.add(name.toUpperCase());
  }
  return mechanisms;
}

/**
 * Logs in; whether the connection is fit for a password is for the caller to know. Throws `bad-config` when the server
 * will not have this login, `unavailable` when it cannot say now.
 */
export async function logIn(
  stream: SmtpStream,
  { user, password }: Login,
  mechanisms: ReadonlySet<string>,
): Promise<void> {
  const plain = base64(`\0${user}\0${password}`);
  stream.conceal([Buffer.from(password).toString("latin1"), unpadded(plain), unpadded(base64(password))]);
  const reply = mechanisms.has("PLAIN")
    ? await withPlain(stream, plain)
    : mechanisms.has("LOGIN")
      ? await answerPrompts(stream, "AUTH LOGIN", [base64(user), base64(password)])
      : undefined;
  if (reply === undefined) {
    const others =
      [...mechanisms]
        .join(" ")
        .slice(0, 80)
        .replace(/[^\x20-\x7e]/g, "?") || "nothing";
    throw new Fault("bad-config", `the mail server takes no login with PLAIN or LOGIN, it offers ${others}`);
  }
  if (reply.code === 235) return;
  // The user is not shown: with some providers it is the password, too.
  const text = `the mail server does not take the login (smtp_user, smtp_password): ${stream.shown(reply)}`;
  throw new Fault(reply.code >= 500 ? "bad-config" : "unavailable", text);
}

function withPlain(stream: SmtpStream, response: string): Promise<Reply> {
  const command = `AUTH PLAIN ${response}`;
  // RFC 4954, 4: what makes the command too long comes in a line of its own.
  return command.length + 2 <= longestCommand ? stream.ask(command) : answerPrompts(stream, "AUTH PLAIN", [response]);
}

/** The answer to the last line, or the first that asks for nothing more. */
async function answerPrompts(stream: SmtpStream, command: string, responses: readonly string[]): Promise<Reply> {
  let reply = await stream.ask(command);
  for (const response of responses) {
    if (reply.code !== 334) break;
    reply = await stream.ask(response);
  }
  return reply;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function unpadded(encoded: string): string {
  return encoded.replace(/=+$/, "");
}
