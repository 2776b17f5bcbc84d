// Asks the running filter about mails, one in full or whole folders of them in a line each.

import { stat } from "node:fs/promises";
import { isIP } from "node:net";
import { parseArgs } from "node:util";
import { toFault } from "../../shared/fault.ts";
import { spamActions } from "../../shared/verdict.ts";
import { type Command, refuse } from "../command.ts";
import { controllerOptions, passwordHeader } from "../controller.ts";
import { HttpClient } from "../http-client.ts";
import { readMails, type SourceMail } from "../mail-sources.ts";

const help = `sluice scan FILE|DIR... [OPTIONS]        ("-" is standard input)

Asks the running filter for verdicts and prints them. A FILE is one mail or a mailbox file (mbox) of many; a DIR is a
Maildir, or any folder of such files with all below.

  --server URL      default: http://127.0.0.1:11333
  --json            one JSON object a mail and line, as the filter answered
  --profile         how long each check waited and worked, and what it asked the DNS
  --explain         the words and marks that decided, by each classifier; asks the controller
  --all             ask every check, even when the case is clear
  --ip IP, --helo NAME, --hostname NAME, --from ADDRESS, --rcpt ADDRESS (repeated), --user NAME   the envelope
  --controller URL  default: http://127.0.0.1:11334
  --password TEXT   of the controller, or the environment's SLUICE_PASSWORD
  --parallel N      mails at once, default 4
  --quiet           no progress for folders

Exit codes: 0 all scanned, none is spam; 1 at least one is to be marked or refused; 64 wrong usage; 69 the filter does
not answer; 75 at least one got no verdict.`;

/** The part of the filter's answer that is printed. */
interface Reply {
  readonly action: string;
  readonly score: number;
  readonly required_score: number;
  readonly symbols: Readonly<Record<string, { score: number; options?: readonly string[] }>>;
  /** µs by check: at work, and waiting for the actor before that. */
  readonly profile?: Readonly<Record<string, number>>;
  readonly profile_wait?: Readonly<Record<string, number>>;
  /** By check what it asked the DNS, with the µs that it waited. */
  readonly profile_dns?: Readonly<Record<string, readonly Query[]>>;
}

interface Query {
  readonly name: string;
  readonly type: string;
  readonly status: string;
  readonly wait: number;
}

/** By classifier. */
type Explanations = Readonly<
  Record<
    string,
    {
      readonly probability: number | null;
      readonly marks: readonly { readonly mark: string; readonly weight: number }[];
      readonly note: string;
    }
  >
>;

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      server: { type: "string", default: "http://127.0.0.1:11333" },
      json: { type: "boolean" },
      profile: { type: "boolean" },
      explain: { type: "boolean" },
      controller: controllerOptions.address,
      password: controllerOptions.password,
      all: { type: "boolean" },
      quiet: { type: "boolean" },
      parallel: { type: "string", default: "4" },
      ip: { type: "string" },
      helo: { type: "string" },
      hostname: { type: "string" },
      from: { type: "string" },
      user: { type: "string" },
      rcpt: { type: "string", multiple: true },
    },
  });
  if (positionals.length === 0) return refuse("scan", "which mail? Give a file, a folder, or - for standard input.");
  if (values.ip !== undefined && isIP(values.ip) === 0) return refuse("scan", `--ip ${values.ip} is no IP address`);
  const headers: Record<string, string | string[]> = {};
  for (const name of ["ip", "helo", "hostname", "from", "user"] as const) {
    const value = values[name];
    if (value !== undefined) headers[name] = headerText(value);
  }
  if (values.rcpt) headers.rcpt = values.rcpt.map(headerText);
  if (values.all) headers.pass = "all";
  if (values.profile) headers.profile = "yes";

  const parallel = Number(values.parallel);
  if (!Number.isInteger(parallel) || parallel < 1)
    return refuse("scan", `--parallel ${values.parallel} is no number of mails`);
  let client: HttpClient;
  let controller: HttpClient;
  try {
    client = new HttpClient(values.server);
    controller = new HttpClient(values.controller);
  } catch {
    return refuse("scan", `--server ${values.server} or --controller ${values.controller} is no address`);
  }
  const forController = { ...headers, ...passwordHeader(values.password) };
  try {
    for (const name of positionals) if (name !== "-") await stat(name);
  } catch (thrown) {
    return refuse("scan", toFault(thrown).message);
  }
  const mails = readMails(positionals);
  // One mail is told in full, several in a line each.
  const waiting = [await mails.next(), await mails.next()];
  const several = waiting.every((next) => next.done !== true);
  const table = several && !values.json;
  const progress = several && !values.quiet && process.stderr.isTTY === true;
  let done = 0;
  let spam = 0;
  let failed = 0;
  const one = async ({ name, bytes: body }: SourceMail) => {
    try {
      if (body instanceof Error) throw body;
      const reply = (await client.json("POST", "/checkv2", { ...headers, filename: headerText(name) }, body)) as Reply;
      if (spamActions.includes(reply.action)) spam += 1;
      if (values.json) console.log(JSON.stringify({ file: name, ...reply }));
      else if (table) console.log(row(name, reply));
      else console.log(details(name, reply));
      if (values.explain) {
        const why = (await controller.json("POST", "/explain", forController, body)) as Explanations;
        console.log(values.json ? JSON.stringify({ file: name, explain: why }) : explained(why));
      }
    } catch (thrown) {
      failed += 1;
      console.error(`${name}: ${toFault(thrown).message}`);
    }
    done += 1;
    if (progress) process.stderr.write(`\r${done} mails `);
  };
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (;;) {
        const next = waiting.shift() ?? (await mails.next());
        if (next.done) return;
        await one(next.value);
      }
    }),
  );
  client.close();
  controller.close();
  if (progress) process.stderr.write("\n");
  if (table)
    console.log(`${done} mails: ${done - spam - failed} clean, ${spam} marked or refused, ${failed} without verdict`);
  if (done === 0) {
    console.error(`sluice: there is no mail in ${positionals.join(" ")}`);
    return 75;
  }
  if (failed > 0) return failed === done && client.refused ? 69 : 75;
  return spam > 0 ? 1 : 0;
}

/** As bytes of UTF-8, one character each, which is how Node writes headers; and never a second line. */
function headerText(value: string): string {
  return Buffer.from(value.replace(/[\x00-\x1f\x7f]+/g, " "), "utf8").toString("latin1");
}

function row(name: string, { action, score, symbols }: Reply): string {
  const top = Object.entries(symbols)
    .sort(([, a], [, b]) => Math.abs(b.score) - Math.abs(a.score))
    .slice(0, 4)
    .map(([symbol]) => symbol);
  return `${action.padEnd(16)} ${score.toFixed(2).padStart(7)}  ${name}  ${top.join(" ")}`;
}

function details(name: string, reply: Reply): string {
  const lines = [`${name}: ${reply.action}, score ${reply.score} of ${reply.required_score}`];
  const sorted = Object.entries(reply.symbols).sort(
    ([a, { score: x }], [b, { score: y }]) => y - x || (a < b ? -1 : 1),
  );
  for (const [symbol, { score, options = [] }] of sorted) {
    lines.push(`  ${score.toFixed(2).padStart(6)}  ${symbol}${options.length === 0 ? "" : ` [${options.join(", ")}]`}`);
  }
  const times = Object.entries(reply.profile ?? {});
  if (times.length > 0) lines.push("", "  check                     waited ms  worked ms");
  const milliseconds = (microseconds: number) => (microseconds / 1000).toFixed(3).padStart(10);
  for (const [check, worked] of times) {
    lines.push(`  ${check.padEnd(24)} ${milliseconds(reply.profile_wait?.[check] ?? 0)} ${milliseconds(worked)}`);
    for (const { name, type, status, wait } of reply.profile_dns?.[check] ?? []) {
      lines.push(`    ${`${type} ${name}`.padEnd(22)} ${milliseconds(wait)} ${status}`);
    }
  }
  return lines.join("\n");
}

function explained(explanations: Explanations): string {
  return Object.entries(explanations)
    .flatMap(([classifier, { probability, marks, note }]) => [
      "",
      `  ${classifier}: ${probability === null ? "says nothing" : `spam with ${(100 * probability).toFixed(2)} %`}; ${note}`,
      ...marks.map(({ mark, weight }) => `  ${weight.toFixed(3).padStart(7)}  ${mark}`),
    ])
    .join("\n");
}

const scan: Command = { about: "ask the running filter for the verdict on mails", help, run };
export default scan;
