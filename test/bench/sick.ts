// `make bench-sick`: what the other mail feels of an actor that never answers, answers late, or burns its CPU. Each is
// compared with the same site without it, in the same run: throughput and p99 before the breaker opens, and after.

import { resolve } from "node:path";
import { corpusMails, type Measured, measure } from "./load.ts";
import { type Site, startSluice } from "./processes.ts";

const mails = corpusMails(Number(process.env["MAILS"] ?? 1000));
const rounds = Number(process.env["ROUNDS"] ?? 3);
const parallel = 8;
const quiet = ["--log", "info", "--log-to", "/dev/null"];
/** ms after the first failures in which late questions and burnt seconds come to an end. */
const settling = 6_000;

function withActor(kind: string): readonly string[] {
  return [...quiet, "--actors", resolve(import.meta.dirname, "sick", kind)];
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
    await measure(healthy.url, mails, parallel);
    const before = await measure(sick.url, mails, parallel);
    await new Promise((done) => setTimeout(done, settling));
    await measure(sick.url, mails, parallel);
    const pairs: { healthy: Measured; sick: Measured }[] = [];
    for (let round = 0; round < rounds; round++) {
      pairs.push({ healthy: await measure(healthy.url, mails, parallel), sick: await measure(sick.url, mails, parallel) });
    }
    line(name, before, pairs.map((p) => p.healthy), pairs.map((p) => p.sick));
  } finally {
    await healthy.stop();
    await sick.stop();
  }
}

console.log("ratios to the same site without the sick actor; wanted: throughput at least 0.9, p99 at most 1.2");
const apart = [["http"], ["coordinator"], ["content"]];
for (const kind of ["never", "late", "burning"]) {
  await compare(`own process, ${kind}`, await startSluice(apart, quiet), await startSluice([...apart, [kind]], withActor(kind)));
}
for (const kind of ["never", "late"]) {
  await compare(`one process, ${kind}`, await startSluice([], quiet), await startSluice([], withActor(kind)));
}
