// A mail server for tests that says what it is told to say, and keeps what it is sent.

import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import { isDeepStrictEqual } from "node:util";

export interface Kept {
  readonly from: string;
  readonly recipients: readonly string[];
  /** With CRLF line ends, dots unstuffed. */
  readonly message: string;
  readonly secure: boolean;
  /** Who had logged in. */
  readonly user: string | undefined;
}

export interface TestServer {
  readonly port: number;
  readonly kept: readonly Kept[];
  /** Commands of all connections, in order. */
  readonly commands: readonly string[];
  connections: number;
  close(): Promise<void>;
}

export interface Script {
  /** PEM; with it STARTTLS is offered. */
  readonly key?: string;
  readonly cert?: string;
  /** TLS from the first byte. */
  readonly implicit?: boolean;
  /** Who may send; without it everybody. */
  readonly login?: { readonly user: string; readonly password: string };
  /** Further lines of the answer to EHLO: "AUTH PLAIN LOGIN". */
  offers?(secure: boolean): readonly string[];
  /** The answer to a command; undefined: the usual one. "" says nothing, "!" closes the connection. */
  reply?(command: string, connection: number): string | undefined;
  readonly greeting?: string;
}

export async function startServer(script: Script = {}): Promise<TestServer> {
  const kept: Kept[] = [];
  const commands: string[] = [];
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    tested.connections += 1;
    converse(socket, script, tested.connections, commands, kept, script.implicit);
    socket.write(script.greeting ?? "220 sink.example.org ESMTP\r\n");
  };
  const { key = "", cert = "", implicit = false } = script;
  const server = implicit ? createTlsServer({ key, cert }, accept) : createServer(accept);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const tested: TestServer = {
    port: typeof address === "object" && address !== null ? address.port : 0,
    kept,
    commands,
    connections: 0,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return tested;
}

interface LoginAttempt {
  /** What to say to a line; undefined when it was the last one. */
  take(line: string): string | undefined;
  given: { readonly user: string; readonly password: string } | undefined;
}

/** AUTH as a server sees it, from the command on. */
function startLogin(): LoginAttempt {
  const words: string[] = [];
  let mechanism: string | undefined;
  const decoded = (line: string) => Buffer.from(line, "base64").toString();
  const attempt: LoginAttempt = {
    take(line) {
      if (mechanism === undefined) {
        const [, name = "", initial] = line.split(" ");
        mechanism = name;
        if (initial !== undefined) words.push(decoded(initial));
      } else words.push(decoded(line));
      if (mechanism === "LOGIN" && words.length < 2)
        return words.length === 0 ? "334 VXNlcm5hbWU6" : "334 UGFzc3dvcmQ6";
      if (words.length === 0) return "334 ";
      const [user = "", password = ""] = mechanism === "LOGIN" ? words : (words[0] ?? "").split("\0").slice(1);
      attempt.given = { user, password };
      return undefined;
    },
    given: undefined,
  };
  return attempt;
}

const endOfData = "\r\n.\r\n";

function converse(
  socket: Socket,
  script: Script,
  number: number,
  commands: string[],
  kept: Kept[],
  secure = false,
): void {
  let text = "";
  let from = "";
  let recipients: string[] = [];
  let inData = false;
  let user: string | undefined;
  let login: LoginAttempt | undefined;
  const answer = (command: string, usual: string): boolean => {
    const reply = script.reply?.(command, number) ?? usual;
    if (reply === "!") socket.destroy();
    else if (reply !== "") socket.write(`${reply}\r\n`);
    return reply.startsWith("2") || reply.startsWith("3");
  };
  const take = (): boolean => {
    const end = inData ? text.indexOf(endOfData) : text.indexOf("\r\n");
    if (end < 0) return false;
    const taken = text.slice(0, end);
    text = text.slice(end + (inData ? endOfData.length : 2));
    if (inData) {
      inData = false;
      const message = `${taken}\r\n`.replace(/^\.\./gm, ".");
      if (answer(".", "250 2.0.0 kept")) kept.push({ from, recipients, message, secure, user });
      recipients = [];
      return true;
    }
    commands.push(taken);
    const verb = taken.slice(0, 4).toUpperCase();
    const path = /<(.*?)>/.exec(taken)?.[1] ?? "";
    if (login !== undefined || verb === "AUTH") {
      login ??= startLogin();
      const prompt = login.take(taken);
      const right = isDeepStrictEqual(login.given, script.login);
      const goesOn = answer(taken, prompt ?? (right ? "235 2.7.0 welcome" : "535 5.7.8 wrong"));
      if (prompt === undefined && goesOn) user = login.given?.user;
      if (prompt === undefined || !goesOn) login = undefined;
    } else if (verb === "EHLO") {
      const offers = [...(script.key && !secure ? ["STARTTLS"] : []), ...(script.offers?.(secure) ?? [])];
      answer(taken, [...["sink", ...offers].map((line) => `250-${line}`), "250 8BITMIME"].join("\r\n"));
    } else if (verb === "MAIL" && script.login !== undefined && user === undefined) answer(taken, "530 5.7.0 log in");
    else if (verb === "STAR") {
      if (!answer(taken, "220 go on") || script.key === undefined || script.cert === undefined) return true;
      socket.removeAllListeners("data");
      const tls = new TLSSocket(socket, { isServer: true, key: script.key, cert: script.cert });
      tls.on("error", () => {});
      converse(tls, script, number, commands, kept, true);
      return false;
    } else if (verb === "DATA") inData = answer(taken, "354 go on");
    else if (answer(taken, "250 2.0.0 ok")) {
      if (verb === "MAIL") from = path;
      if (verb === "RCPT") recipients.push(path);
      if (verb === "RSET") recipients = [];
      if (verb === "QUIT") socket.end();
    }
    return true;
  };
  socket.setEncoding("latin1");
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    text += chunk;
    while (take());
  });
}
