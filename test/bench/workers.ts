// `make bench-workers`: throughput of two workers against one, on corpus mails, as a ratio of one run. Both take turns,
// so that they see the same noise; the first turn warms up and does not count. The client runs on the same machine: what
// it takes of the cores is printed, for the workers cannot have it.

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { startSluice } from "../servers/sluice.ts";
import { requestsOf, send } from "./light-client.ts";
import { corpusMails } from "./load.ts";
import { cpuSeconds } from "./processes.ts";

const count = Number(process.env.WORKERS ?? 2);
const rounds = Number(process.env.ROUNDS ?? 5);
const connections = 16;
const requests = requestsOf(corpusMails(Number(process.env.MAILS ?? 2000)));

interface Turn {
  readonly perSecond: number;
  /** ms of CPU for each mail: the workers', their parent's, the client's. */
  readonly workers: number;
  readonly parent: number;
  readonly client: number;
}

async function startSite(workers: number) {
  const site = await startSluice({ options: ["--workers", String(workers)] });
  while (!(await site.log()).includes('"msg":"ready"')) await new Promise((done) => setTimeout(done, 20));
  const parent = site.pid();
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim().split(" ").map(Number);
  if (children.length !== workers) throw new Error(`there are ${children.length} workers`);
  return { site, workers, parent, children };
}

async function turn({ site, parent, children }: Awaited<ReturnType<typeof startSite>>): Promise<Turn> {
  const spent = () => [cpuSeconds(children), cpuSeconds([parent]), process.cpuUsage()] as const;
  const [workersBefore, parentBefore, clientBefore] = spent();
  const { perSecond, failed } = await send(Number(new URL(site.scan).port), requests, connections);
  if (failed > 0) throw new Error(`${failed} mails got no verdict`);
  const [workersAfter, parentAfter] = spent();
  const { user, system } = process.cpuUsage(clientBefore);
  const each = (seconds: number) => (seconds * 1000) / requests.length;
  return {
    perSecond,
    workers: each(workersAfter - workersBefore),
    parent: each(parentAfter - parentBefore),
    client: each((user + system) / 1e6),
  };
}

const middle = (all: readonly Turn[], of: (one: Turn) => number) =>
  all.map(of).sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;

function row(name: string, turns: readonly Turn[]): void {
  const cells = [(t: Turn) => t.perSecond, (t: Turn) => t.workers, (t: Turn) => t.parent, (t: Turn) => t.client];
  console.log(`${name.padEnd(16)}${cells.map((of) => middle(turns, of).toFixed(3).padStart(12)).join("")}`);
}

console.log(`${requests.length} mails, ${connections} connections, ${availableParallelism()} cores, ${rounds} rounds`);
const sites = [await startSite(1), await startSite(count)] as const;
const turns: readonly [Turn[], Turn[]] = [[], []];
try {
  for (let round = 0; round <= rounds; round++) {
    for (const index of [0, 1] as const) {
      const measured = await turn(sites[index]);
      if (round > 0) turns[index].push(measured);
    }
  }
} finally {
  for (const { site } of sites) await site.close();
}
console.log(
  `${"".padEnd(16)}${["mails/s", "workers ms", "parent ms", "client ms"].map((n) => n.padStart(12)).join("")}`,
);
row("1 worker", turns[0]);
row(`${count} workers`, turns[1]);
const ratios = turns[0].map(({ perSecond }, round) => (turns[1][round]?.perSecond ?? 0) / perSecond);
const ratio = [...ratios].sort((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? 0;
console.log(
  `throughput of ${count} against 1: ${ratio.toFixed(2)} (${ratios.map((one) => one.toFixed(2)).join(", ")})`,
);
