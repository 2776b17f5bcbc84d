// An actor for the tests of workers: does what a mail's header X-Trouble says. `hang` never gives the event loop back,
// `slow` takes a second.

import { defineActor } from "../../../shared/actor.ts";
import { defineCheck } from "../../../shared/check.ts";

const trouble = defineCheck({
  name: "TROUBLE_CHECK",
  about: "Hangs or is slow when the mail says so.",
  stage: "filter",
  group: "trouble",
  reads: ["headers"],
  symbols: {},
  async run({ headers }, { log }) {
    const wish = headers.fields.find(({ key }) => key === "x-trouble")?.value;
    if (wish === "hang") for (;;);
    if (wish === "slow") {
      log.info("a slow mail is at work");
      await new Promise((done) => setTimeout(done, 1_000));
    }
  },
});

export default defineActor({
  name: "trouble",
  about: "Hangs or is slow when the mail says so.",
  checks: [trouble],
  config: {},
  slots: 16,
  deadline: 5_000,
  reaches: [],
});
