// A process for a test to kill while it is at work.

import { openNatsBus } from "./nats.ts";

// Not even a test that fails may leave it behind.
process.on("disconnect", () => process.exit());
const bus = await openNatsBus({ servers: [process.argv[2] ?? ""], name: "victim" });
await bus.serve({ name: "victim" }, { slots: 4 }, () => {
  process.send?.("at work");
  return new Promise(() => {});
});
process.send?.("ready");
