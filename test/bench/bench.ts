// `make bench`: Sluice against Rspamd, on the same mails in the same run, as ratios; then what a process boundary costs.
// Bare times differ twofold from run to run on shared machines, so only ratios are worth keeping.
//   PEERS=path/to/peers.sh SCAN=path/to/scan-corpus.mjs MAILS=1500 ROUNDS=3 WARMTH=3 make bench

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startSluice } from "../servers/sluice.ts";
import { authCost } from "./auth.ts";
import { processBoundary } from "./boundary.ts";
import { corpusMails, measure } from "./load.ts";
import { middle } from "./middle.ts";
import { rulesOnly, spineOnly } from "./narrowed.ts";
import { residentMegabytes } from "./processes.ts";
import { row } from "./table-row.ts";
import { type Controller, teach } from "./teach.ts";
import { mails, parallel, type Report, ratio, rounds, type Side, scanCorpus, takeTurns, warmRounds } from "./turns.ts";

const tools = resolve(import.meta.dirname, "../../../shared/tools");
const peers = process.env.PEERS ?? join(tools, "peers.sh");
/** The name server of peers.sh, which knows no name: both sides ask the same one. */
const peersDns = "127.0.0.1:5390";
/** Every nth mail of the corpus is a lesson for both sides. */
const lessonEvery = 3;

interface Pupil extends Side {
  readonly controller: Controller;
}

/** What is said of a side, by name. */
const costs: Readonly<Record<string, (report: Report) => number>> = {
  "CPU per message, ms": ({ cpu_ms_per_msg }) => cpu_ms_per_msg,
  [`median latency, ${parallel} at a time, ms`]: ({ lat_ms }) => Number(lat_ms.p50),
  "p99 latency, ms": ({ lat_ms }) => Number(lat_ms.p99),
  "messages per second": ({ msgs_per_s }) => msgs_per_s,
};

function startRspamd(): Pupil & { stop(): void } {
  const said = execFileSync("sh", [peers, "start", "rspamd"], { encoding: "utf8" });
  const found = /rspamd: (\S+) worker pid (\d+), redis pid (\d+)/.exec(said);
  if (!found) throw new Error(`peers.sh said: ${said}`);
  const [, url = "", worker = "", redis = ""] = found;
  return {
    name: "rspamd",
    url,
    pids: [Number(worker), Number(redis)],
    controller: { url: "http://127.0.0.1:11434", password: "peer" },
    stop: () => execFileSync("sh", [peers, "stop"]),
  };
}

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
  const password = "taught here";
  const site = await startSluice({ options: [...dns, "--set", `http.controller.enable_password=${password}`] });
  const alone = await startSluice({ options: [...dns, ...rulesOnly] });
  const core = await startSluice({ options: [...dns, ...rulesOnly, ...spineOnly] });
  try {
    const controller = { url: site.controller, password };
    const whole = { name: "sluice", url: site.scan, pids: [site.pid()], controller };
    const rules = { name: "its rules", url: alone.scan, pids: [alone.pid()] };
    const spine = { name: "its spine", url: core.scan, pids: [core.pid()] };
    const ours = [whole, rules, spine];
    const [theirs, ...reports] = takeTurns([rspamd, ...ours]);
    const ruled = reports[1];
    if (!theirs || !ruled) return;
    /** A row: what it is of Rspamd, then of each of ours, with the ratio. */
    const compare = (name: string, their: number, each: readonly (readonly [number, number])[]) =>
      row(name, their, ...each.flat());
    row("", "Rspamd", ...ours.flatMap(({ name }) => [name, "ratio"]));
    for (const [name, of] of Object.entries(costs)) {
      const each = reports.map((our) => [middle(our.all.map(of)), ratio(our, theirs, of)] as const);
      compare(name, middle(theirs.all.map(of)), each);
    }
    const beside = (their: number, our: number) => [our, our / their] as const;
    const first = theirs.first.cpu_ms_per_msg;
    const firsts = reports.map((our) => beside(first, our.first.cpu_ms_per_msg));
    compare(`CPU per message of the first ${mails}`, first, firsts);
    const memory = rspamd.pids.reduce((sum, pid) => sum + residentMegabytes(pid), 0);
    const memories = ours.map(({ pids: [pid = 0] }) => beside(memory, residentMegabytes(pid)));
    compare("resident memory, MB", memory, memories);
    row("start to first verdict, ms", "", firstVerdict);
    // The whole system has a model that was made from these mails: it would judge what it knows (make bench-accuracy).
    const [our, their] = [ruled.last, theirs.last];
    const roca = beside(their.one_minus_roca_pct, our.one_minus_roca_pct);
    row("1-ROCA, %", their.one_minus_roca_pct, "", "", ...roca);
    row("spam caught at 1 % false positives", their.tpr_at_fpr["1%"] ?? 0, "", "", our.tpr_at_fpr["1%"] ?? 0);
    console.log(`ham: its rules ${JSON.stringify(our.ham_actions)}, Rspamd ${JSON.stringify(their.ham_actions)}`);
    for (const [index, { last }] of [theirs, ...reports].entries()) {
      if (last.errors > 0) console.log(`errors: ${[rspamd, ...ours][index]?.name} ${last.errors}`);
    }
    await whenTaught(whole, rspamd);
    const auth = await authCost(mails, rounds, parallel);
    const theirCpu = middle(theirs.all.map((report) => report.cpu_ms_per_msg));
    const share = (ms: number) =>
      `${ms.toFixed(2)} ms CPU a message, ${((100 * ms) / auth.whole).toFixed(0)} % of the scan, ${(ms / theirCpu).toFixed(2)} of a message of Rspamd's`;
    console.log("auth, one RSA signature, names in the cache");
    console.log(`  the actor by itself: ${share(auth.actor)}`);
    console.log(`  what a site spends on having it: ${share(auth.whole - auth.without)}`);
  } finally {
    await site.close();
    await alone.close();
    await core.close();
    rspamd.stop();
  }
}

/** What a message costs once both have learned: one round warms up, for the code has run before. */
async function whenTaught(ours: Pupil, theirs: Pupil): Promise<void> {
  const lessons = await teach(theirs.controller, lessonEvery);
  await teach(ours.controller, lessonEvery);
  const [our, their] = takeTurns([ours, theirs], 1);
  if (!our || !their) return;
  console.log(`after ${lessons} lessons for both`);
  for (const [name, of] of Object.entries(costs)) {
    const [one, other] = [middle(their.all.map(of)), middle(our.all.map(of))];
    row(`  ${name}`, one, other, ratio(our, their, of));
  }
}

console.log(
  `${mails} mails of ${readFileSync("/proc/cpuinfo", "utf8").match(/^processor/gm)?.length} cores, ${rounds} rounds after ${warmRounds} that warm up, the middle one counts`,
);
await againstRspamd();
await processBoundary();
