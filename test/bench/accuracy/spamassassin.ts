// SpamAssassin's daemon with stock rules and without network, and a word list of its own. It is taught as spamc -L does.

import type { ChildProcess } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../servers/free-port.ts";
import { endServer, startServer } from "../../servers/process.ts";
import { type Candidate, inTurns, isInstalled } from "./filter.ts";

const program = "spamd";
const atOnce = 2;
const tooSlow = "takes a tenth of a second a mail and more: SPAMASSASSIN=all to wait for it";
const all = process.env.SPAMASSASSIN === "all";

export const spamassassin: Candidate = {
  name: "SpamAssassin",
  rows: ["SpamAssassin"],
  leavesOut: all ? {} : { taught: tooSlow, noise: tooSlow, online: tooSlow },
  missing: async () => (isInstalled(program) ? null : "apt-get install spamd"),
  async open() {
    const folder = await mkdtemp(join(tmpdir(), "sluice-spamassassin-"));
    // Its children are another user.
    await chmod(folder, 0o777);
    const port = await freePort();
    const settings = [`bayes_path ${folder}/bayes`, "bayes_file_mode 0777", "bayes_auto_learn 0"];
    const child = await start(port, settings);
    return {
      async learn(lessons) {
        await inTurns(lessons, 1, ({ mail, label }) => tell(port, mail.raw, label));
      },
      judge: (mails) => inTurns(mails, atOnce, async ({ raw }) => [await check(port, raw)]),
      async close() {
        await endServer(child, "SIGTERM");
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
  end: async () => undefined,
};

function start(port: number, settings: readonly string[]): Promise<ChildProcess> {
  const fixed = ["-L", "-x", "-m", String(atOnce), "--min-children", String(atOnce), "-i", "127.0.0.1", "--allow-tell"];
  const args = [...fixed, "-s", "stderr", "-p", String(port), ...settings.map((line) => `--cf=${line}`)];
  return startServer({ command: program, args, debian: "spamd", port });
}

async function check(port: number, raw: Buffer): Promise<number> {
  const said = await ask(port, "CHECK", "", raw);
  const score = /^Spam:\s*\w+\s*;\s*(-?[\d.]+)/im.exec(said)?.[1];
  if (score === undefined) throw new Error(`spamd gave no score: ${said}`);
  return Number(score);
}

async function tell(port: number, raw: Buffer, label: string): Promise<void> {
  const said = await ask(port, "TELL", `Message-class: ${label}\r\nSet: local\r\n`, raw);
  if (!said.includes(" 0 EX_OK")) throw new Error(`spamd learned nothing: ${said}`);
}

/** The protocol of spamd, version 1.5. */
function ask(port: number, verb: string, headers: string, raw: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let said = "";
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      said += text;
    });
    socket.once("error", reject);
    socket.once("end", () => resolve(said));
    socket.write(`${verb} SPAMC/1.5\r\nUser: nobody\r\n${headers}Content-length: ${raw.length}\r\n\r\n`);
    socket.end(raw);
  });
}
