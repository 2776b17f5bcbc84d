import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { attachedMails } from "../attached-mails.ts";
import { type Command, refuse } from "../command.ts";
import { controllerOptions, passwordHeader } from "../controller.ts";
import { HttpClient } from "../http-client.ts";
import { type LeftOut, readMails, type SourceMail } from "../mail-sources.ts";

const help = `sluice learn spam|ham FILE|DIR... [OPTIONS]        ("-" is standard input)
sluice learn --forget FILE|DIR...

Teaches the running filter what is spam and what is wanted mail (ham). A FILE is one mail or a mailbox file (mbox) of
many; a DIR is a Maildir, or any folder of such files with all below. A mail counts once, however often it is learned;
learned as the other, it is first taken back. A lesson that was accepted survives a crash of the filter.

Teach it mail of your own site, of both kinds, in similar numbers: the classifiers are silent before they know 10 of
each (classifier.bayes.min_learns). 'sluice model stat' says how many they know.

  sluice learn ham ~/Maildir
  sluice learn spam ~/Maildir/.Junk

Of a DIR that is taught as ham, folders below for junk and trash are left out, and mails that are marked as deleted.

  --attached        teach the mails that are attached to the mails, and not these: for what users forward to an address for
                    reports. Taught as it is, a report teaches its user's own words and address
  --forget          take back what was learned of the mails
  --server URL      the controller, default: http://127.0.0.1:11334
  --password TEXT   or the environment's SLUICE_PASSWORD; not needed from addresses in http.controller.secure_ip
  --user ADDRESS    whose lesson it is, where users have models of their own
  --classifier NAME only this one of the actors that learn
  --parallel N      mails at once, default 16
  --quiet           no progress

Exit codes: 0 all taken, or known already; 64 wrong usage; 69 the filter does not answer or refuses; 75 at least one
mail could not be learned.`;

const paths = { spam: "/learnspam", ham: "/learnham", forget: "/unlearn" } as const;
type Lesson = keyof typeof paths;

/** Times that a mail is offered to a filter that is busy, or away after it was there: for some 13 seconds. */
const mostTries = 7;
/** Failed mails that are named one by one. */
const mostNamed = 20;

interface Counts {
  learned: number;
  known: number;
  nothing: number;
  failed: number;
  /** Set when going on makes no sense. */
  end?: Error;
}

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      attached: { type: "boolean", default: false },
      forget: { type: "boolean" },
      server: controllerOptions.address,
      password: controllerOptions.password,
      user: { type: "string" },
      classifier: { type: "string" },
      parallel: { type: "string", default: "16" },
      quiet: { type: "boolean" },
    },
  });
  const [first, ...rest] = positionals;
  const lesson: Lesson | undefined = values.forget ? "forget" : first === "spam" || first === "ham" ? first : undefined;
  if (lesson === undefined) return refuse("learn", "as what? Say spam or ham, or --forget.");
  if (/[\0-\x1f\x7f]/.test(values.user ?? "")) return refuse("learn", "--user is no address");
  const names = values.forget ? positionals : rest;
  if (names.length === 0) return refuse("learn", "which mail? Give a file, a folder, or - for standard input.");
  const parallel = Number(values.parallel);
  if (!Number.isInteger(parallel) || parallel < 1 || parallel > 64) {
    return refuse("learn", `--parallel ${values.parallel} is no number of mails`);
  }
  const headers: Record<string, string> = { ...passwordHeader(values.password) };
  // A header's characters are bytes, and addresses are UTF-8 (RFC 6531).
  if (values.user !== undefined) headers["deliver-to"] = Buffer.from(values.user).toString("latin1");
  if (values.classifier !== undefined) headers.classifier = values.classifier;
  let client: HttpClient;
  try {
    client = new HttpClient(values.server);
  } catch {
    return refuse("learn", `--server ${values.server} is no address`);
  }
  const progress = !values.quiet && process.stderr.isTTY === true;
  const counts = await learnAll(client, lesson, headers, { names, attached: values.attached }, parallel, progress);
  client.close();
  console.log(summary(lesson, counts));
  if (counts.end === undefined) return counts.failed > 0 ? 75 : 0;
  console.error(`sluice: ${counts.end.message}`);
  return 69;
}

async function learnAll(
  client: HttpClient,
  lesson: Lesson,
  headers: Readonly<Record<string, string>>,
  { names, attached }: { readonly names: readonly string[]; readonly attached: boolean },
  parallel: number,
  progress: boolean,
): Promise<Counts> {
  const counts: Counts = { learned: 0, known: 0, nothing: 0, failed: 0 };
  let deleted = 0;
  const leftOut: LeftOut = (path, what) => {
    if (what === "mail") deleted += 1;
    else console.error(`${path}: left out; to teach it, name it`);
  };
  const sources = readMails(names, lesson === "ham" ? leftOut : undefined);
  const mails = attached ? readAttached(sources) : sources;
  const worker = async () => {
    while (counts.end === undefined) {
      const next = await mails.next();
      if (next.done) return;
      try {
        await learnOne(client, paths[lesson], headers, next.value, counts);
      } catch (thrown) {
        counts.end ??= thrown instanceof Error ? thrown : new Error(String(thrown));
      }
      if (progress) process.stderr.write(`\r${line(lesson, counts)} `);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  if (progress) process.stderr.write("\n");
  if (deleted > 0) console.error(`${deleted} mails that are marked as deleted: left out`);
  return counts;
}

async function* readAttached(sources: AsyncIterable<SourceMail>): AsyncGenerator<SourceMail> {
  for await (const source of sources) {
    const { name, bytes } = source;
    const mails = bytes instanceof Error ? [] : attachedMails(bytes);
    if (bytes instanceof Error) yield source;
    else if (mails.length === 0) yield { name, bytes: new Error("no mail is attached") };
    for (const [at, mail] of mails.entries())
      yield { name: at === 0 ? name : `${name}, attached ${at + 1}`, bytes: mail };
  }
}

/** Throws when going on makes no sense: nobody is there, or says no. */
async function learnOne(
  client: HttpClient,
  path: string,
  headers: Readonly<Record<string, string>>,
  { name, bytes }: SourceMail,
  counts: Counts,
): Promise<void> {
  if (bytes instanceof Error) return fail(counts, name, bytes.message);
  // A picture or a server's notes among the mails would be learned like any other.
  if (!beginsAsMail(bytes)) return fail(counts, name, "is no mail: it does not begin with a header");
  const { status, text } = await offer(client, path, headers, bytes, counts);
  if (status === 401) throw new Error("the filter refuses: say --password, or see http.controller.secure_ip");
  if (status === 404 || status === 429) throw new Error(`the filter refuses: ${reasonIn(text)}`);
  if (status === 200) counts.learned += 1;
  else if (status === 208) counts.known += 1;
  else if (status === 204) counts.nothing += 1;
  else fail(counts, name, reasonIn(text));
}

/** A header (RFC 5322, 2.2), perhaps after what storage puts before it. */
function beginsAsMail(bytes: Buffer): boolean {
  return /^(?:\xef\xbb\xbf)?\s*(?:>?From |[!-9;-~]+[ \t]*:)/.test(bytes.toString("latin1", 0, 1000));
}

/** Offers a mail again to a filter that is busy, and to one that has answered before and is being restarted. */
async function offer(
  client: HttpClient,
  path: string,
  headers: Readonly<Record<string, string>>,
  bytes: Buffer,
  { learned, known, nothing }: Counts,
): Promise<{ readonly status: number; readonly text: string }> {
  const wasThere = learned + known + nothing > 0;
  for (let tries = 1; ; tries++) {
    const isLast = tries === mostTries;
    try {
      const answer = await client.send("POST", path, headers, bytes);
      if ((answer.status !== 503 && answer.status !== 429) || isLast) return answer;
    } catch (thrown) {
      if (!wasThere || isLast) throw thrown;
    }
    await pause(100 * 2 ** tries);
  }
}

function fail(counts: Counts, name: string, reason: string): void {
  counts.failed += 1;
  if (counts.failed <= mostNamed) console.error(`${name}: ${reason}`);
  if (counts.failed === mostNamed) console.error("further failures are only counted");
}

function reasonIn(text: string): string {
  try {
    const answer: unknown = JSON.parse(text);
    if (answer !== null && typeof answer === "object" && "error" in answer) return String(answer.error);
  } catch {
    // What is no JSON is shown as it is.
  }
  return text.slice(0, 200);
}

function line(lesson: Lesson, { learned, known, nothing, failed }: Counts): string {
  const done = lesson === "forget" ? `${learned} taken back` : `${learned} learned as ${lesson}`;
  return `${done}, ${known} ${lesson === "forget" ? "not learned" : "known"}, ${nothing} with nothing to learn, ${failed} failed`;
}

function summary(lesson: Lesson, counts: Counts): string {
  const { learned, known, nothing, failed } = counts;
  return `${learned + known + nothing + failed} mails: ${line(lesson, counts)}`;
}

const learn: Command = { about: "teach the running filter what is spam and what is ham", help, run };
export default learn;
