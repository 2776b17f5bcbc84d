// A Postfix of one's own: in a temporary folder, on free ports of the loopback address, each with a milter in front, and
// an SMTP server behind. Needs Debian's postfix, and root, as Postfix does.

import { execFile } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "../servers/free-port.ts";
import { program } from "./program.ts";

const run = promisify(execFile);

export interface PostfixOptions {
  /** Ports of milters on the loopback address. For each there is a port that takes mail. */
  readonly milters: readonly number[];
  /** Port on the loopback address to which all mail goes on. */
  readonly deliverTo: number;
  /** Further lines of main.cf. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface SendOptions {
  readonly from?: string;
  readonly to?: string;
  /** Headers and body with LF or CRLF, one character a byte. */
  readonly message: string;
}

/** A port of the mail server. */
export interface Entrance {
  readonly port: number;
  /** Sends with swaks; answers with the last reply of the server: "250 2.0.0 Ok: queued as 4XYZ". */
  send(mail: SendOptions): Promise<string>;
  /** Sends so many mails over one connection. */
  sendMany(count: number): Promise<void>;
}

export interface Postfix {
  /** In the order of the milters. */
  readonly entrances: readonly Entrance[];
  /** Queue ids of mails that are held. */
  held(): readonly string[];
  log(): string;
  /** Waits until this stands in the log. */
  logged(text: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostfix(options: PostfixOptions): Promise<Postfix> {
  const postfix = program("postfix", "postfix");
  const folder = mkdtempSync(join(tmpdir(), "sluice-postfix-"));
  const ports: number[] = [];
  for (const _ of options.milters) ports.push(await freePort());
  // Its daemons run as the user postfix and read the configuration as such.
  chmodSync(folder, 0o755);
  for (const name of ["etc", "queue", "data"]) mkdirSync(join(folder, name), { mode: 0o755 });
  const { uid, gid } = statSync("/var/lib/postfix");
  chownSync(join(folder, "data"), uid, gid);
  writeFileSync(join(folder, "etc", "main.cf"), mainCf(folder, options));
  writeFileSync(join(folder, "etc", "master.cf"), masterCf(ports, options.milters));
  const log = () => readFileSync(join(folder, "maillog"), "utf8");
  const command = (verb: string) => run(postfix, ["-c", join(folder, "etc"), verb]);
  try {
    await command("start");
  } catch (cause) {
    throw new Error(`postfix does not start; its files are in ${folder}`, { cause });
  }
  return {
    entrances: ports.map((port) => ({
      port,
      send: (mail) => swaks(port, mail, folder),
      sendMany: (count) => smtpSource(port, count),
    })),
    held: () => [...log().matchAll(/cleanup\[\d+\]: (\w+): milter-hold/g)].map((match) => match[1] ?? ""),
    log,
    logged: async (text) => {
      const patience = AbortSignal.timeout(30_000);
      while (!log().includes(text)) await delay(20, undefined, { signal: patience });
    },
    stop: async () => {
      await command("stop");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function mainCf(folder: string, { deliverTo, settings }: PostfixOptions): string {
  const lines: Record<string, string> = {
    compatibility_level: "3.6",
    queue_directory: join(folder, "queue"),
    data_directory: join(folder, "data"),
    maillog_file: join(folder, "maillog"),
    maillog_file_prefixes: folder,
    myhostname: "mx.example.org",
    mydestination: "",
    inet_interfaces: "127.0.0.1",
    inet_protocols: "ipv4",
    mynetworks: "127.0.0.0/8",
    smtpd_relay_restrictions: "permit_mynetworks, reject",
    // Nothing is looked up and nothing leaves this machine.
    default_transport: `smtp:[127.0.0.1]:${deliverTo}`,
    smtp_host_lookup: "native",
    smtpd_peername_lookup: "no",
    milter_default_action: "tempfail",
    milter_connect_timeout: "10s",
    alias_maps: "",
    local_recipient_maps: "",
    ...settings,
  };
  return Object.entries(lines)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join("");
}

function masterCf(ports: readonly number[], milters: readonly number[]): string {
  const services = [
    ...ports.map((port, at) => `127.0.0.1:${port} inet n - n - - smtpd -o smtpd_milters=inet:127.0.0.1:${milters[at]}`),
    "cleanup unix n - n - 0 cleanup",
    "qmgr unix n - n 300 1 qmgr",
    "rewrite unix - - n - - trivial-rewrite",
    "bounce unix - - n - 0 bounce",
    "defer unix - - n - 0 bounce",
    "trace unix - - n - 0 bounce",
    "flush unix n - n 1000? 0 flush",
    "proxymap unix - - n - - proxymap",
    "smtp unix - - n - - smtp",
    "error unix - - n - - error",
    "retry unix - - n - - error",
    "discard unix - - n - - discard",
    "anvil unix - - n - 1 anvil",
    "scache unix - - n - 1 scache",
    "tlsmgr unix - - n 1000? 1 tlsmgr",
    "postlog unix-dgram n - n - 1 postlogd",
  ];
  return `${services.join("\n")}\n`;
}

async function swaks(port: number, mail: SendOptions, folder: string): Promise<string> {
  const { from = "sender@example.net", to = "rcpt@example.org", message } = mail;
  const file = join(folder, `mail-${process.hrtime.bigint()}`);
  // Sent as it is, with --no-data-fixup: dots are stuffed and the end is marked here (RFC 5321, 4.5.2).
  writeFileSync(file, `${message.replace(/\r?\n/g, "\r\n").replace(/^\./gm, "..")}.`, "latin1");
  const address = ["--server", `127.0.0.1:${port}`, "--from", from, "--to", to, "--helo", "client.example.net"];
  const args = [...address, "--data", `@${file}`, "--no-data-fixup", "--suppress-data", "--timeout", "120"];
  // It ends with an error when the mail is not taken: what the server said is in its output all the same.
  const { stdout } = await run(program("swaks", "swaks"), args).catch((error: { stdout: string }) => error);
  const replies = [...stdout.matchAll(/^<\S*\s+(\d{3}.*)$/gm)].map((match) => match[1]?.trim() ?? "");
  return replies.filter((reply) => !reply.startsWith("221")).at(-1) ?? stdout;
}

async function smtpSource(port: number, count: number): Promise<void> {
  const args = ["-d", "-s", "1", "-m", String(count), "-f", "sender@example.net", "-t", "rcpt@example.org"];
  await run(program("smtp-source", "postfix"), [...args, `inet:127.0.0.1:${port}`]);
}
