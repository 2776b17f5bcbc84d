// Scans the development corpus with scan-corpus.mjs, in turns: the same mails, so many at a time.

import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { corpus } from "./accuracy/mails.ts";
import { middle } from "./middle.ts";

export const scanCorpus = process.env.SCAN ?? resolve(import.meta.dirname, "../../../shared/tools/scan-corpus.mjs");
export const mails = Number(process.env.MAILS ?? 1500);
export const rounds = Number(process.env.ROUNDS ?? 3);
/** Rounds before those that count. A filter runs for weeks; what it costs until its code is compiled has a row of its own. */
export const warmRounds = Number(process.env.WARMTH ?? 3);
export const parallel = 16;

/** What scan-corpus.mjs prints. */
export interface Report {
  readonly messages: number;
  readonly errors: number;
  readonly msgs_per_s: number;
  readonly cpu_ms_per_msg: number;
  readonly lat_ms: { readonly p50: string; readonly p99: string };
  readonly one_minus_roca_pct: number;
  readonly tpr_at_fpr: Readonly<Record<string, number>>;
  readonly ham_actions: Readonly<Record<string, number>>;
}

function scan(url: string, pids: readonly number[]): Report {
  const folders = ["ham=easy-ham-1", "ham=easy-ham-2", "ham=hard-ham-1", "spam=spam-1", "spam=spam-2"];
  const sets = folders.map((set) => set.replace("=", `=${corpus}/`));
  const args = [scanCorpus, "--url", url, "-n", String(parallel), "--limit", String(mails), "--pid", pids.join(",")];
  return JSON.parse(execFileSync(process.execPath, [...args, ...sets], { encoding: "utf8", maxBuffer: 1 << 26 }));
}

export interface Side {
  readonly name: string;
  readonly url: string;
  readonly pids: readonly number[];
}

interface Summary {
  /** Of a process that has just started. */
  readonly first: Report;
  /** Of each round that counts. */
  readonly all: readonly Report[];
  readonly last: Report;
}

/** Takes turns, so that all sides see the same noise. */
export function takeTurns(sides: readonly Side[], warmth = warmRounds): readonly Summary[] {
  const reports: Report[][] = sides.map(() => []);
  for (let round = 0; round < warmth + rounds; round++) {
    for (const [index, side] of sides.entries()) {
      const report = scan(side.url, side.pids);
      reports[index]?.push(report);
      console.error(`round ${round} ${side.name}: ${report.cpu_ms_per_msg} ms CPU, p50 ${report.lat_ms.p50} ms`);
    }
  }
  return reports.map((every) => {
    const [first, last, all] = [every[0], every.at(-1), every.slice(warmth)];
    if (!first || !last || all.length === 0) throw new Error("no round was measured");
    return { first, all, last };
  });
}

/** The middle of the ratios of one round each: a machine that is slow for a round is slow for both. */
export function ratio(one: Summary, other: Summary, of: (report: Report) => number): number {
  return middle(
    one.all.flatMap((report, round) => {
      const beside = other.all[round];
      return beside === undefined ? [] : [of(report) / of(beside)];
    }),
  );
}
