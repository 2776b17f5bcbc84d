// `make bench-sick`: what the other mail feels of an actor that never answers, answers late, or burns its CPU. Each is
// compared with the same site without it, in the same run: throughput and p99 before the breaker opens, and after.
//
//   MAILS=1000 ROUNDS=5    CASES="one process"    only those whose name has this

import { resolve } from "node:path";
import { loadServices } from "../../bin/services.ts";
import { startApart } from "../servers/apart.ts";
import { startNats } from "../servers/nats.ts";
import { startSluice } from "../servers/sluice.ts";
import { corpusMails, type Measured, measure } from "./load.ts";

const mails = corpusMails(Number(process.env.MAILS ?? 1000));
const rounds = Number(process.env.ROUNDS ?? 5);
const parallel = 8;
/** ms after the first failures in which late questions and burnt seconds come to an end. */
const settling = 6_000;

const isWanted = (name: string) => name.includes(process.env.CASES ?? "");
const folderOf = (kind: string) => resolve(import.meta.dirname, "sick", kind);

interface Site {
  readonly scan: string;
  close(): Promise<void>;
}

/** Measured one after the other: machines change their speed within minutes. */
interface Pair {
  readonly healthy: Measured;
  readonly sick: Measured;
}

function line(name: string, before: Measured, pairs: readonly Pair[]): void {
  const middle = (of: (one: Measured) => number) =>
    pairs.map(({ healthy, sick }) => of(sick) / of(healthy)).sort((a, b) => a - b)[Math.floor(pairs.length / 2)] ?? 0;
  const rate = middle((m) => m.perSecond);
  const p99 = middle((m) => m.p99);
  const failed = pairs.reduce((sum, { sick }) => sum + sick.failed, before.failed);
  console.log(
    `${name.padEnd(36)} slowest before the breaker ${before.slowest.toFixed(0).padStart(5)} ms;` +
      ` once open: throughput ${rate.toFixed(2)}, p99 ${p99.toFixed(2)}; without verdict ${failed}`,
  );
}

async function compare(name: string, healthy: Site, sick: Site): Promise<void> {
  try {
    await measure(healthy.scan, mails, parallel);
    const before = await measure(sick.scan, mails, parallel);
    await new Promise((done) => setTimeout(done, settling));
    await measure(sick.scan, mails, parallel);
    const pairs: Pair[] = [];
    for (let round = 0; round < rounds; round++) {
      pairs.push({
        healthy: await measure(healthy.scan, mails, parallel),
        sick: await measure(sick.scan, mails, parallel),
      });
    }
    line(name, before, pairs);
  } finally {
    await healthy.close();
    await sick.close();
  }
}

console.log("ratios to the same site without the sick actor; wanted: throughput at least 0.9, p99 at most 1.2");
const roles = ["http", "coordinator", ...(await loadServices()).actors.map(({ name }) => name)];
const nats = await startNats();
const other = await startNats();
for (const kind of ["never", "late", "burning"]) {
  const name = `own process, ${kind}`;
  if (!isWanted(name)) continue;
  const healthy = await startApart(nats.address, roles);
  const options = { actors: [folderOf(kind)], sick: ["SICK_CHECK"] };
  await compare(name, healthy, await startApart(other.address, [...roles, kind], options));
}
await nats.close();
await other.close();
for (const kind of ["never", "late"]) {
  const name = `one process, ${kind}`;
  if (isWanted(name)) await compare(name, await startSluice(), await startSluice({ actors: [folderOf(kind)] }));
}
