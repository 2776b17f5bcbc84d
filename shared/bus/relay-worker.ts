// A worker process of a test: says what it hears, and publishes what it is told to.

import { openLocalBus } from "./local.ts";
import { openRelay } from "./relay.ts";

const relay = openRelay();
const bus = openLocalBus(relay === undefined ? {} : { relay });
await bus.subscribe({ name: "news" }, (event) => process.send?.({ heard: event }));
process.on("message", (message: { publish?: unknown }) => {
  if (message.publish !== undefined) bus.publish({ name: "news" }, message.publish);
});
// A real worker lives by its servers; this one by its parent.
setInterval(() => {}, 60_000);
process.on("disconnect", () => process.exit());
process.send?.("ready");
