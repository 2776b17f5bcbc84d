// Rspamd as peers.sh starts it: stock rules, no network, its statistics in a Redis of its own. It is taught as rspamc does.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type Candidate, inTurns } from "./filter.ts";
import type { Mail } from "./mails.ts";

const peers = process.env.PEERS_SH ?? resolve(import.meta.dirname, "../../../../shared/tools/peers.sh");
const scan = "http://127.0.0.1:11433";
const controller = "http://127.0.0.1:11434";
const redisPort = "6390";
const atOnce = 8;
/** What the controller says of a lesson that changes nothing. */
const known = new Set([204, 208]);

let started = false;

export const rspamd: Candidate = {
  name: "Rspamd",
  rows: ["Rspamd"],
  leavesOut: {},
  async missing() {
    if (started) return null;
    if (!existsSync(peers)) return `no ${peers} to start it with (PEERS_SH)`;
    if (await answers()) return "port 11433 is taken: another bench has it, try again later";
    return null;
  },
  async open() {
    if (!started) execFileSync("sh", [peers, "start", "rspamd"], { stdio: ["ignore", "ignore", "inherit"] });
    started = true;
    execFileSync("redis-cli", ["-p", redisPort, "flushall"], { stdio: "ignore" });
    return {
      async learn(lessons) {
        await inTurns(lessons, atOnce, async ({ mail, label }) => {
          const response = await fetch(`${controller}/learn${label}`, {
            method: "POST",
            headers: { Password: "peer" },
            body: new Uint8Array(mail.raw),
          });
          const said = await response.text();
          if (!response.ok && !known.has(response.status)) throw new Error(`Rspamd learned nothing: ${said}`);
        });
      },
      judge: (mails) => inTurns(mails, atOnce, async (mail) => [await scoreOf(mail)]),
      close: async () => undefined,
    };
  },
  async end() {
    if (started) execFileSync("sh", [peers, "stop"]);
    started = false;
  },
};

async function answers(): Promise<boolean> {
  return fetch(`${scan}/ping`).then(
    () => true,
    () => false,
  );
}

async function scoreOf({ raw }: Mail): Promise<number> {
  const response = await fetch(`${scan}/checkv2`, { method: "POST", body: new Uint8Array(raw) });
  const verdict: unknown = await response.json();
  if (typeof verdict === "object" && verdict !== null && "score" in verdict && typeof verdict.score === "number") {
    return verdict.score;
  }
  throw new Error(`Rspamd gave no score: ${JSON.stringify(verdict)}`);
}
