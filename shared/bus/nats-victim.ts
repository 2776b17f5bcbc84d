// A process for a test: to kill while it is at work, or with a clock that is wrong by so many ms.

import { openNatsBus } from "./nats.ts";

// Not even a test that fails may leave it behind.
process.on("disconnect", () => process.exit());
const [address = "", skew = "0"] = process.argv.slice(2);
const { now } = Date;
Date.now = () => now() + Number(skew);
const bus = await openNatsBus({ servers: [address], name: "victim" });
await bus.serve({ name: "victim" }, { slots: 4 }, () => {
  process.send?.("at work");
  return new Promise(() => {});
});
await bus.serve({ name: `echo${skew}` }, { slots: 4 }, async (question) => question);
// Asks by its own clock, and tells what came.
process.on("message", (subject: string) => {
  const asked = bus.ask<string, string>({ name: subject }, "asked", { deadline: Date.now() + 10_000 });
  asked.then(
    (answer) => process.send?.(answer),
    (thrown) => process.send?.(String(thrown)),
  );
});
process.send?.("ready");
