// What a process boundary costs: the same mails through one process, and through one for each role with NATS between them.

import { loadServices } from "../../bin/services.ts";
import { startApart } from "../servers/apart.ts";
import { startNats } from "../servers/nats.ts";
import { startSluice } from "../servers/sluice.ts";
import { corpusMails, measure } from "./load.ts";
import { middle } from "./middle.ts";
import { cpuSeconds } from "./processes.ts";
import { row } from "./table-row.ts";
import { mails, parallel, rounds, warmRounds } from "./turns.ts";

export async function processBoundary(): Promise<void> {
  const actors = (await loadServices()).actors.map(({ name }) => name);
  const nats = await startNats();
  const whole = await startSluice();
  const apart = await startApart(nats.address, ["http", "coordinator", ...actors]);
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
