import { defineActor } from "../../shared/actor.ts";
import { learningConfig } from "../../shared/learning/config.ts";
import { neuralConfig } from "./config.ts";
import { learner } from "./learner.ts";
import { symbols } from "./symbols/check.ts";
import { text } from "./text/check.ts";

export default defineActor({
  name: "neural",
  about: "Networks that learn: one over the text of a mail, others over its symbols.",
  checks: [text, symbols],
  config: { ...neuralConfig, ...learningConfig },
  slots: 16,
  deadline: 2_000,
  reaches: [],
  learner,
});
