import { defineActor } from "../../shared/actor.ts";
import { learningConfig } from "../../shared/learning/config.ts";
import { bayes } from "./check.ts";
import { classifierConfig } from "./config.ts";
import { learner } from "./learner.ts";

export default defineActor({
  name: "bayes",
  about: "What words and other marks say, as it was taught.",
  checks: [bayes],
  config: { ...classifierConfig, ...learningConfig },
  slots: 16,
  deadline: 2_000,
  reaches: [],
  learner,
});
