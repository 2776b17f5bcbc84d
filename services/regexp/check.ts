// The two checks of this actor. They differ in what travels to them: only rules about the bytes of the message need
// those, and a site that has none does not send them.

import { type ConfigOf, type ConfiguredSymbol, defineCheck, type HitDetail } from "../../shared/check.ts";
import type { Log } from "../../shared/log.ts";
import { type RegexpConfig, regexpConfig } from "./config.ts";
import { type Matched, matchRules } from "./match.ts";
import { makeRuleset, type Ruleset } from "./ruleset.ts";
import { SlowThread } from "./slow.ts";
import { commonFacts, type RuleTask } from "./sources.ts";

/** One for the process: it does nothing but wait until a pattern needs it. */
const slowThread = new SlowThread();

export const rules = defineCheck({
  name: "REGEXP_CHECK",
  about: "Rules that the configuration writes as patterns over headers, texts, links and parts.",
  stage: "filter",
  group: "regexp",
  reads: commonFacts,
  config: regexpConfig,
  symbols: {
    REGEXP_TIMEOUT: {
      score: 0,
      about: "Patterns took too long on this message and were cut off; the options name the rules.",
    },
  },
  configured: (config) => symbolsOf(config, false),
  run(task, ctx) {
    return runRules(task, false, ctx, (options) => ctx.hit("REGEXP_TIMEOUT", { options }));
  },
});

export const rawRules = defineCheck({
  name: "REGEXP_RAW_CHECK",
  about: "Rules that the configuration writes as patterns over the bytes of the whole message.",
  stage: "filter",
  group: "regexp",
  reads: [...commonFacts, "raw"],
  config: regexpConfig,
  symbols: {
    REGEXP_RAW_TIMEOUT: { score: 0, about: "As REGEXP_TIMEOUT, for rules that look at the whole message ({body})." },
  },
  configured: (config) => symbolsOf(config, true),
  run(task, ctx) {
    return runRules(task, true, ctx, (options) => ctx.hit("REGEXP_RAW_TIMEOUT", { options }));
  },
});

function symbolsOf(
  { regexp }: ConfigOf<typeof regexpConfig>,
  raw: boolean,
): Readonly<Record<string, ConfiguredSymbol>> | null {
  const own = Object.entries(regexp.rules).filter(([, { needsRaw }]) => needsRaw === raw);
  if (own.length === 0) return null;
  return Object.fromEntries(
    own.map(([name, { score, about, group, shots, factor }]) => [
      name,
      { score, about, group, shots, key: `regexp.${name}`, ...(factor > 1 ? { factor } : {}) },
    ]),
  );
}

interface RuleContext {
  readonly config: ConfigOf<typeof regexpConfig>;
  readonly log: Log;
  hitConfigured(symbol: string, detail?: HitDetail): void;
}

function runRules(
  task: RuleTask,
  raw: boolean,
  ctx: RuleContext,
  onCut: (rules: readonly string[]) => void,
): void | Promise<void> {
  const { regexp } = ctx.config;
  const raise = ({ hits, cut }: Matched): void => {
    for (const { name, value } of hits) ctx.hitConfigured(name, value === 1 ? undefined : { factor: value });
    if (cut.length === 0) return;
    onCut(cut);
    ctx.log.warn({ rules: cut }, "patterns took too long and were cut off");
  };
  const runSlowly = (questions: Parameters<SlowThread["run"]>[0]) => slowThread.run(questions, regexp.timeLimit);
  const matched = matchRules(rulesetOf(regexp, raw), task, regexp, runSlowly);
  return matched instanceof Promise ? matched.then(raise) : raise(matched);
}

/** The configuration is the same object until it changes, so that rules are compiled once. */
const compiled = [new WeakMap<RegexpConfig, Ruleset>(), new WeakMap<RegexpConfig, Ruleset>()] as const;

function rulesetOf(config: RegexpConfig, raw: boolean): Ruleset {
  const kept = compiled[raw ? 1 : 0];
  const known = kept.get(config);
  if (known) return known;
  const ruleset = makeRuleset(config, raw);
  if (ruleset.atoms.some((atom) => atom.kind === "pattern" && !atom.pattern.linear)) slowThread.prepare();
  kept.set(config, ruleset);
  return ruleset;
}
