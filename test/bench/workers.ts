// `make bench-workers`: throughput of several workers against one, on corpus mails, as ratios of one run. Both sites take
// turns, so that they see the same noise, after each worker has seen as many mails as any other.
//
// The client, and whatever else runs, is on the same cores. So beside the bare ratio stands what it is made of:
//   throughput = CPU that Sluice had (cores) / CPU that a mail costs (seconds)
// Both sides of that are counted by the system for all processes of Sluice, parent and helper threads included. Workers
// that each had a core of their own would give `count` times the throughput of one, divided by how much more CPU a mail
// costs with them; provided that they never wait for each other, which would show as cores that idle.

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { startSluice } from "../servers/sluice.ts";
import { requestsOf, send } from "./light-client.ts";
import { corpusMails } from "./load.ts";
import { middle } from "./middle.ts";
import { type Cores, coreSeconds, cpuSeconds } from "./processes.ts";

const count = Number(process.env.WORKERS ?? 2);
const rounds = Number(process.env.ROUNDS ?? 12);
/** Mails that each worker sees before the clock runs: the figures are those of compiled code. */
const warmth = Number(process.env.WARMTH ?? 6000);
const connections = 16;
const cores = availableParallelism();
const requests = requestsOf(corpusMails(Number(process.env.MAILS ?? 1000)));

interface Turn {
  readonly perSecond: number;
  /** ms of CPU for each mail: the workers', their parent's, the client's. */
  readonly workers: number;
  readonly parent: number;
  readonly client: number;
  /** Cores that Sluice had, on average, that were idle, and that were others'. */
  readonly had: number;
  readonly idle: number;
  readonly others: number;
}

async function startSite(workers: number) {
  const site = await startSluice({ options: ["--workers", String(workers)] });
  while (!(await site.log()).includes('"msg":"ready"')) await new Promise((done) => setTimeout(done, 20));
  const parent = site.pid();
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim().split(" ").map(Number);
  if (children.length !== workers) throw new Error(`there are ${children.length} workers`);
  const port = Number(new URL(site.scan).port);
  for (let left = warmth * workers; left > 0; left -= requests.length) await send(port, requests, connections);
  return { site, port, parent, children };
}

async function turn({ port, parent, children }: Awaited<ReturnType<typeof startSite>>): Promise<Turn> {
  const spent = () => [cpuSeconds(children), cpuSeconds([parent]), process.cpuUsage(), coreSeconds()] as const;
  const [workersBefore, parentBefore, clientBefore, coresBefore] = spent();
  const { perSecond, failed } = await send(port, requests, connections);
  if (failed > 0) throw new Error(`${failed} mails got no verdict`);
  const [workersAfter, parentAfter, , coresAfter] = spent();
  const { user, system } = process.cpuUsage(clientBefore);
  const seconds = requests.length / perSecond;
  const each = (cpu: number) => (cpu * 1000) / requests.length;
  const had = (workersAfter - workersBefore + parentAfter - parentBefore) / seconds;
  const share = (of: keyof Cores) => (coresAfter[of] - coresBefore[of]) / seconds;
  return {
    perSecond,
    workers: each(workersAfter - workersBefore),
    parent: each(parentAfter - parentBefore),
    client: each((user + system) / 1e6),
    had,
    idle: share("idle"),
    others: share("busy") - had,
  };
}

const columns: readonly (readonly [string, (turn: Turn) => number])[] = [
  ["mails/s", (one) => one.perSecond],
  ["workers ms", (one) => one.workers],
  ["parent ms", (one) => one.parent],
  ["client ms", (one) => one.client],
  ["its cores", (one) => one.had],
  ["others'", (one) => one.others],
  ["idle", (one) => one.idle],
];

function row(name: string, turns: readonly Turn[]): void {
  const cells = columns.map(([, of]) => middle(turns.map(of)).toFixed(2).padStart(12));
  console.log(`${name.padEnd(12)}${cells.join("")}`);
}

console.log(
  `${requests.length} mails, ${connections} connections, ${cores} cores, ${rounds} rounds, the middle of them`,
);
const sites = [await startSite(1), await startSite(count)] as const;
const turns: readonly [Turn[], Turn[]] = [[], []];
try {
  for (let round = 0; round < rounds; round++) {
    for (const index of [0, 1] as const) turns[index].push(await turn(sites[index]));
  }
} finally {
  for (const { site } of sites) await site.close();
}
console.log(`${"".padEnd(12)}${columns.map(([name]) => name.padStart(12)).join("")}`);
row("1 worker", turns[0]);
row(`${count} workers`, turns[1]);

/** Of many against one, round by round. */
function ratio(name: string, of: (turn: Turn) => number): number {
  const all = turns[0].map((one, round) => of(turns[1][round] ?? one) / of(one));
  console.log(`${name}: ${middle(all).toFixed(2)} (${all.map((value) => value.toFixed(2)).join(", ")})`);
  return middle(all);
}

console.log(`
Throughput is the cores that Sluice had divided by the CPU that a mail costs. The client and whoever else uses this machine
take of the same cores ("others'"): the bare ratio depends on what they leave. What a mail costs, parent and helper threads
included, does not: from it follows what the workers give that each have a core of their own, if none waits for another,
which would show as idle cores.

${count} against 1`);
ratio("  throughput, bare", ({ perSecond }) => perSecond);
ratio("  CPU that Sluice had", ({ had }) => had);
const dearer = ratio("  CPU of a mail, all processes of Sluice", ({ workers, parent }) => workers + parent);
console.log(`  throughput, each worker with a core of its own: ${(count / dearer).toFixed(2)}`);
const used = middle(turns[1].map(({ had }) => had / cores));
const idle = middle(turns[1].map((one) => one.idle / cores));
console.log(
  `  with ${count} workers Sluice had ${Math.round(used * 100)} % of the cores, ${Math.round(idle * 100)} % were idle`,
);
