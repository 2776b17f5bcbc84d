// A process for a test to kill: it adds jobs without end, and has two at work that are never done.

import { openLocalQueue } from "./local.ts";

// Not even a test that fails may leave it behind.
process.on("disconnect", () => process.exit());
const queue = await openLocalQueue({ folder: process.argv[2] ?? "", lease: 300 });
await queue.work<number>({ name: "work" }, { slots: 2 }, (n) => {
  process.send?.({ begun: n });
  return new Promise(() => {});
});
for (let n = 0; ; n++) {
  await queue.add({ name: "work" }, n);
  process.send?.({ accepted: n });
}
