// An actor for the tests of workers: does what a mail's header X-Trouble says. `hang` never gives the event loop back,
// `wait FILE` lasts until the file is there.

import { existsSync } from "node:fs";
import { defineActor } from "../../../shared/actor.ts";
import { defineCheck } from "../../../shared/check.ts";

const trouble = defineCheck({
  name: "TROUBLE_CHECK",
  about: "Hangs or waits when the mail says so.",
  stage: "filter",
  group: "trouble",
  reads: ["headers"],
  symbols: {},
  async run({ headers }, { log }) {
    const [wish, file = ""] = headers.fields.find(({ key }) => key === "x-trouble")?.value.split(" ") ?? [];
    if (wish === "hang") for (;;);
    if (wish === "wait") {
      log.info("a mail waits");
      while (!existsSync(file)) await new Promise((done) => setTimeout(done, 10));
    }
  },
});

export default defineActor({
  name: "trouble",
  about: "Hangs or waits when the mail says so.",
  checks: [trouble],
  config: {},
  slots: 16,
  deadline: 30_000,
  reaches: [],
});
