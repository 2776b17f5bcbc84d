import { defineCheck } from "../../shared/check.ts";
import { choice, section } from "../../shared/config/schema.ts";

/** Letters of the test strings that act, by configuration: only the original one rejects by default. */
const policies = ["reject", "all", "disable"] as const;

export const gtubeConfig = {
  gtube: section("The test string that every filter must know.", {
    patterns: choice(policies, "reject", "reject: XJS acts; all: YJS, ZJS and AJS too; disable: none acts."),
  }),
};

const pattern = "JS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X";
const actions: Readonly<Record<string, string>> = {
  X: "reject",
  Y: "add header",
  Z: "rewrite subject",
  A: "no action",
};
/** Bytes of text in which it counts: a mail that quotes it in a discussion is longer. */
const shortest = 68;
const longest = 8192;

export const gtube = defineCheck({
  name: "GTUBE_CHECK",
  about: "Finds the test string that stands for spam, to try a filter without harm.",
  stage: "pre",
  group: "gtube",
  reads: ["text"],
  config: gtubeConfig,
  symbols: {
    GTUBE: { score: 0, about: "The message is the GTUBE test.", decides: true },
  },
  run(task, ctx) {
    const policy = ctx.config.gtube.patterns;
    if (policy === "disable") return;
    for (const { text } of task.text) {
      if (text.length < shortest || text.length > longest) continue;
      const at = text.indexOf(pattern, 1);
      const action = actions[text[at - 1] ?? ""];
      if (at < 1 || action === undefined || (policy === "reject" && action !== "reject")) continue;
      ctx.hit("GTUBE", { result: { action, message: "Gtube pattern", skip: true, priority: 10 } });
      return;
    }
  },
});
