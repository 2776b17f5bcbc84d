// Asks a filter for verdicts, so many at a time, and says how long they took.

import { readdirSync, readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join, resolve } from "node:path";

const corpus = process.env.SLUICE_CORPUS ?? resolve(import.meta.dirname, "../../.cache/corpus");

/** Every nth mail of the development corpus, `count` in all. */
export function corpusMails(count: number): readonly Buffer[] {
  const files = readdirSync(corpus, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".txt"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const step = Math.max(1, Math.floor(files.length / count));
  return files
    .filter((_, index) => index % step === 0)
    .slice(0, count)
    .map((file) => readFileSync(file));
}

export interface Measured {
  readonly mails: number;
  readonly perSecond: number;
  /** ms */
  readonly median: number;
  readonly p99: number;
  readonly slowest: number;
  /** Answers that were no verdict. */
  readonly failed: number;
}

/** `envelope` goes with each mail as request headers. */
export async function measure(
  url: string,
  mails: readonly Buffer[],
  parallel: number,
  envelope: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const times: number[] = [];
  let failed = 0;
  let next = 0;
  const began = performance.now();
  const worker = async () => {
    for (let mail = mails[next++]; mail; mail = mails[next++]) {
      const from = performance.now();
      if (!(await isVerdict(url, mail, agent, envelope))) failed += 1;
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
  return {
    mails: mails.length,
    perSecond: mails.length / seconds,
    median: at(0.5),
    p99: at(0.99),
    slowest: at(1),
    failed,
  };
}

function isVerdict(
  url: string,
  mail: Buffer,
  agent: Agent,
  envelope: Readonly<Record<string, string>>,
): Promise<boolean> {
  return new Promise((done) => {
    const headers = { ...envelope, "content-length": mail.length };
    const asked = request(`${url}/checkv2`, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => done(response.statusCode === 200 && text.includes('"action"')));
      response.on("error", () => done(false));
    });
    asked.on("error", () => done(false));
    asked.end(mail);
  });
}
