import { defineActor } from "../../shared/actor.ts";
import { rawRules, rules } from "./check.ts";
import { regexpConfig } from "./config.ts";

export default defineActor({
  name: "regexp",
  about: "Rules that an operator writes as patterns in the configuration.",
  checks: [rules, rawRules],
  config: regexpConfig,
  slots: 16,
  deadline: 3_000,
  reaches: [],
});
