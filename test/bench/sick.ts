// `make bench-sick`: what the other mail feels of an actor that never answers, answers late, or burns its CPU. Each is
// compared with the same site without it, in the same run: throughput and p99 before the breaker opens, and after.

import { resolve } from "node:path";
import { loadServices } from "../../bin/services.ts";
import { startApart } from "../servers/apart.ts";
import { startNats } from "../servers/nats.ts";
import { startSluice } from "../servers/sluice.ts";
import { corpusMails, type Measured, measure } from "./load.ts";

const mails = corpusMails(Number(process.env.MAILS ?? 1000));
const rounds = Number(process.env.ROUNDS ?? 3);
const parallel = 8;
/** ms after the first failures in which late questions and burnt seconds come to an end. */
const settling = 6_000;

const folderOf = (kind: string) => resolve(import.meta.dirname, "sick", kind);

interface Site {
  readonly scan: string;
  close(): Promise<void>;
}

function line(name: string, before: Measured, healthy: readonly Measured[], sick: readonly Measured[]): void {
  const middle = (all: readonly Measured[], of: (one: Measured) => number) =>
    all.map(of).sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
  const rate = middle(sick, (m) => m.perSecond) / middle(healthy, (m) => m.perSecond);
  const p99 = middle(sick, (m) => m.p99) / middle(healthy, (m) => m.p99);
  const failed = [before, ...sick].reduce((sum, m) => sum + m.failed, 0);
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
    const pairs: { healthy: Measured; sick: Measured }[] = [];
    for (let round = 0; round < rounds; round++) {
      pairs.push({
        healthy: await measure(healthy.scan, mails, parallel),
        sick: await measure(sick.scan, mails, parallel),
      });
    }
    line(
      name,
      before,
      pairs.map((p) => p.healthy),
      pairs.map((p) => p.sick),
    );
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
  const healthy = await startApart(nats.address, roles);
  const options = { actors: [folderOf(kind)], sick: ["SICK_CHECK"] };
  await compare(`own process, ${kind}`, healthy, await startApart(other.address, [...roles, kind], options));
}
await nats.close();
await other.close();
for (const kind of ["never", "late"]) {
  await compare(`one process, ${kind}`, await startSluice(), await startSluice({ actors: [folderOf(kind)] }));
}
