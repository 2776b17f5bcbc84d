import { defineActor } from "../../shared/actor.ts";
import { spamtrap, spamtrapConfig } from "./check.ts";

export default defineActor({
  name: "spamtrap",
  about: "Addresses that nobody has: whoever writes to them sends spam.",
  checks: [spamtrap],
  config: spamtrapConfig,
  slots: 16,
  deadline: 1_000,
  reaches: [],
});
