// `make bench`: Sluice against Rspamd, on the same mails in the same run, as ratios; then what a process boundary costs.
// Bare times differ twofold from run to run on shared machines, so only ratios are worth keeping.
//   PEERS=path/to/peers.sh SCAN=path/to/scan-corpus.mjs MAILS=1500 ROUNDS=3 WARMTH=3 make bench

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadServices } from "../../bin/services.ts";
import { startApart } from "../servers/apart.ts";
import { startNats } from "../servers/nats.ts";
import { startSluice } from "../servers/sluice.ts";
import { authCost } from "./auth.ts";
import { corpusMails, measure } from "./load.ts";
import { middle } from "./middle.ts";
import { cpuSeconds, residentMegabytes } from "./processes.ts";

const root = resolve(import.meta.dirname, "../..");
const tools = resolve(root, "../shared/tools");
const peers = process.env.PEERS ?? join(tools, "peers.sh");
const scanCorpus = process.env.SCAN ?? join(tools, "scan-corpus.mjs");
const mails = Number(process.env.MAILS ?? 1500);
const rounds = Number(process.env.ROUNDS ?? 3);
/** Rounds before those that count. A filter runs for weeks; what it costs until its code is compiled has a row of its own. */
const warmRounds = Number(process.env.WARMTH ?? 3);
const corpus = process.env.SLUICE_CORPUS ?? join(root, ".cache/corpus");
const parallel = 16;
/** The name server of peers.sh, which knows no name: both sides ask the same one. */
const peersDns = "127.0.0.1:5390";

/** What scan-corpus.mjs prints. */
interface Report {
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

interface Side {
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
function takeTurns(sides: readonly Side[]): readonly Summary[] {
  const reports: Report[][] = sides.map(() => []);
  for (let round = 0; round < warmRounds + rounds; round++) {
    for (const [index, side] of sides.entries()) {
      const report = scan(side.url, side.pids);
      reports[index]?.push(report);
      console.error(`round ${round} ${side.name}: ${report.cpu_ms_per_msg} ms CPU, p50 ${report.lat_ms.p50} ms`);
    }
  }
  return reports.map((every) => {
    const [first, last, all] = [every[0], every.at(-1), every.slice(warmRounds)];
    if (!first || !last || all.length === 0) throw new Error("no round was measured");
    return { first, all, last };
  });
}

/** The middle of the ratios of one round each: a machine that is slow for a round is slow for both. */
function ratio(one: Summary, other: Summary, of: (report: Report) => number): number {
  return middle(
    one.all.flatMap((report, round) => {
      const beside = other.all[round];
      return beside === undefined ? [] : [of(report) / of(beside)];
    }),
  );
}

function row(name: string, ...cells: readonly (string | number)[]): void {
  const shown = cells.map((cell) => (typeof cell === "number" ? cell.toFixed(2) : cell).padStart(12));
  console.log(`${name.padEnd(34)}${shown.join("")}`);
}

function startRspamd(): Side & { stop(): void } {
  const said = execFileSync("sh", [peers, "start", "rspamd"], { encoding: "utf8" });
  const found = /rspamd: (\S+) worker pid (\d+), redis pid (\d+)/.exec(said);
  if (!found) throw new Error(`peers.sh said: ${said}`);
  const [, url = "", worker = "", redis = ""] = found;
  return {
    name: "rspamd",
    url,
    pids: [Number(worker), Number(redis)],
    stop: () => execFileSync("sh", [peers, "stop"]),
  };
}

/** Without what asks others and what learns: the rules that look at the message alone. */
const rulesOnly = ["spf", "dkim", "arc", "dmarc", "neural", "classifier.bayes"].flatMap((section) => [
  "--set",
  `${section}.enabled=no`,
]);

/** ms, the middle of three starts. Before Rspamd starts, which compiles for some seconds. */
async function timeToFirstVerdict(): Promise<number> {
  const took: number[] = [];
  while (took.length < 3) {
    const began = performance.now();
    const site = await startSluice();
    await measure(site.scan, corpusMails(1), 1);
    took.push(performance.now() - began);
    await site.close();
  }
  return middle(took);
}

async function againstRspamd(): Promise<void> {
  if (!existsSync(peers) || !existsSync(scanCorpus)) {
    console.log(`Rspamd is left out: set PEERS and SCAN to peers.sh and scan-corpus.mjs (looked in ${tools}).`);
    return;
  }
  const firstVerdict = await timeToFirstVerdict();
  const rspamd = startRspamd();
  const dns = ["--set", `options.dns.nameserver=${peersDns}`];
  const site = await startSluice({ options: dns });
  const alone = await startSluice({ options: [...dns, ...rulesOnly] });
  try {
    const whole = { name: "sluice", url: site.scan, pids: [site.pid()] };
    const rules = { name: "its rules alone", url: alone.scan, pids: [alone.pid()] };
    const [ours, ruled, theirs] = takeTurns([whole, rules, rspamd]);
    if (!ours || !ruled || !theirs) return;
    const compare = (name: string, of: (report: Report) => number) => {
      const [their, our, rule] = [theirs, ours, ruled].map(({ all }) => middle(all.map(of)));
      row(name, their ?? 0, our ?? 0, ratio(ours, theirs, of), rule ?? 0, ratio(ruled, theirs, of));
    };
    row("", "Rspamd", "Sluice", "ratio", "its rules", "ratio");
    compare("CPU per message, ms", ({ cpu_ms_per_msg }) => cpu_ms_per_msg);
    const [theirFirst = 0, ourFirst = 0, ruleFirst = 0] = [theirs, ours, ruled].map(
      ({ first }) => first.cpu_ms_per_msg,
    );
    row(`... of the first ${mails}`, theirFirst, ourFirst, ourFirst / theirFirst, ruleFirst, ruleFirst / theirFirst);
    compare(`median latency, ${parallel} at a time, ms`, ({ lat_ms }) => Number(lat_ms.p50));
    compare("p99 latency, ms", ({ lat_ms }) => Number(lat_ms.p99));
    compare("messages per second", ({ msgs_per_s }) => msgs_per_s);
    const [memory, ruledMemory] = [residentMegabytes(site.pid()), residentMegabytes(alone.pid())];
    const theirMemory = rspamd.pids.reduce((sum, pid) => sum + residentMegabytes(pid), 0);
    row("resident memory, MB", theirMemory, memory, memory / theirMemory, ruledMemory, ruledMemory / theirMemory);
    row("start to first verdict, ms", "", firstVerdict);
    // The whole system has a model that was made from these mails: it would judge what it knows (make bench-accuracy).
    const [our, their] = [ruled.last, theirs.last];
    row(
      "1-ROCA, %",
      their.one_minus_roca_pct,
      "",
      "",
      our.one_minus_roca_pct,
      our.one_minus_roca_pct / their.one_minus_roca_pct,
    );
    row("spam caught at 1 % false positives", their.tpr_at_fpr["1%"] ?? 0, "", "", our.tpr_at_fpr["1%"] ?? 0);
    console.log(`ham: its rules ${JSON.stringify(our.ham_actions)}, Rspamd ${JSON.stringify(their.ham_actions)}`);
    const errors = ours.last.errors + our.errors + their.errors;
    if (errors > 0) console.log(`errors: Sluice ${ours.last.errors}, its rules ${our.errors}, Rspamd ${their.errors}`);
    const auth = await authCost(mails, rounds, parallel);
    const theirCpu = middle(theirs.all.map((report) => report.cpu_ms_per_msg));
    const costs = (ms: number) =>
      `${ms.toFixed(2)} ms CPU a message, ${((100 * ms) / auth.whole).toFixed(0)} % of the scan, ${(ms / theirCpu).toFixed(2)} of a message of Rspamd's`;
    console.log("auth, one RSA signature, names in the cache");
    console.log(`  the actor by itself: ${costs(auth.actor)}`);
    console.log(`  what a site spends on having it: ${costs(auth.whole - auth.without)}`);
  } finally {
    await site.close();
    await alone.close();
    rspamd.stop();
  }
}

async function actorNames(): Promise<readonly string[]> {
  return (await loadServices()).actors.map(({ name }) => name);
}

/** The same mails through one process, and through one process for each role with NATS between them. */
async function processBoundary(): Promise<void> {
  const nats = await startNats();
  const whole = await startSluice();
  const apart = await startApart(nats.address, ["http", "coordinator", ...(await actorNames())]);
  const sides = [
    { url: whole.scan, pids: [whole.pid()] },
    { url: apart.scan, pids: [...apart.pids(), nats.pid()] },
  ];
  const sample = corpusMails(mails);
  const cpu: number[][] = [[], []];
  const rate: number[][] = [[], []];
  let failed = 0;
  try {
    for (let round = 0; round < warmRounds + rounds; round++) {
      for (const [index, { url, pids }] of sides.entries()) {
        const before = cpuSeconds(pids);
        const measured = await measure(url, sample, parallel);
        failed += measured.failed;
        if (round < warmRounds) continue;
        cpu[index]?.push(((cpuSeconds(pids) - before) * 1000) / sample.length);
        rate[index]?.push(measured.perSecond);
      }
    }
  } finally {
    await apart.close();
    await whole.close();
    await nats.close();
  }
  const [one = 0, many = 0] = cpu.map(middle);
  const [oneRate = 0, manyRate = 0] = rate.map(middle);
  console.log("");
  row("", "one process", `${sides[1]?.pids.length}`, "ratio");
  row("CPU per message, ms (NATS counted)", one, many, many / one);
  row("messages per second", oneRate, manyRate, manyRate / oneRate);
  if (failed > 0) console.log(`${failed} mails were put off`);
}

console.log(
  `${mails} mails of ${readFileSync("/proc/cpuinfo", "utf8").match(/^processor/gm)?.length} cores, ${rounds} rounds after ${warmRounds} that warm up, the middle one counts`,
);
await againstRspamd();
await processBoundary();
