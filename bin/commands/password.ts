// Hashes a password for the configuration, so that none stands there in plain text.

import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { hashPassword } from "../../services/http/passwords.ts";
import { type Command, refuse } from "../command.ts";

const help = `sluice password

Asks for a password and prints the hash that belongs into the configuration, for
  worker "controller" { password = '...'; enable_password = '...'; }
or http { controller { ... } }. Write it in single quotes: it has dollar signs in it.

From a terminal the password is not shown and asked for twice; otherwise it is the first line of standard input.
Exit codes: 0 printed, 64 there is no password, or the two differ.`;

/** The gateway refuses longer ones unread. */
const longest = 1024;

async function run(args: readonly string[]): Promise<number> {
  if (args.length > 0)
    return refuse("password", "takes no arguments: others of this machine could read the password there");
  const prompts = process.stdin.isTTY ? ["Password: ", "Again: "] : [""];
  const answers = await readLines(prompts);
  const [password = "", again = prompts.length > 1 ? "" : password] = answers;
  if (password === "") return refuse("password", "there is no password");
  if (password.length > longest) return refuse("password", `a password has at most ${longest} characters`);
  if (again !== password) return refuse("password", "the two differ");
  console.log(await hashPassword(password));
  return 0;
}

/** As many lines of standard input as there are prompts, fewer when it ends. A terminal does not show them. */
async function readLines(prompts: readonly string[]): Promise<readonly string[]> {
  // readline echoes what is typed to its output: here that is nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: process.stdin.isTTY === true });
  const answers: string[] = [];
  const next = () => process.stderr.write(prompts[answers.length] ?? "");
  next();
  // In raw mode Ctrl-C is a key like any other.
  reader.on("SIGINT", () => reader.close());
  for await (const line of reader) {
    if (process.stdin.isTTY) process.stderr.write("\n");
    answers.push(line);
    if (answers.length === prompts.length) break;
    next();
  }
  // A terminal that is still listened to would keep the process.
  process.stdin.destroy();
  return answers;
}

const password: Command = { about: "make the hash of a password for the controller", help, run };
export default password;
