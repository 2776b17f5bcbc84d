// Domains that the site trusts, or watches, as far as SPF, DKIM and DMARC vouch for them.

import { type ConfiguredSymbol, defineCheck } from "../../../shared/check.ts";
import { domainMap } from "../../../shared/map/live-map.ts";
import { authorOf } from "../dmarc/author.ts";
import { inverseScores, type Rule, type Rules, whitelistConfig } from "./config.ts";
import { judge, largestFactor } from "./judge.ts";

function rulesWithDomains(rules: Rules): readonly (readonly [string, Rule])[] {
  return Object.entries(rules).filter(([, { domains }]) => domains.entries.length + domains.files.length > 0);
}

function symbolsOf(rules: Rules): Readonly<Record<string, ConfiguredSymbol>> | null {
  const symbols: Record<string, ConfiguredSymbol> = {};
  const used = rulesWithDomains(rules);
  for (const [name, { score, inverse, group }] of used) {
    if (inverse === undefined) continue;
    symbols[inverse] = {
      score: inverseScores[inverse] ?? -score,
      about: `The message is of a domain of ${name}, but lacks what such mail has.`,
      group,
      factor: largestFactor,
      key: `whitelist.rules.${name}.inverse_symbol`,
    };
  }
  for (const [name, { score, about, group }] of used) {
    symbols[name] = { score, about, group, factor: largestFactor, key: `whitelist.rules.${name}` };
  }
  return used.length === 0 ? null : symbols;
}

export const whitelist = defineCheck({
  name: "WHITELIST_CHECK",
  about: "Looks for domains that the site trusts or watches, as far as SPF, DKIM and DMARC vouch for them.",
  stage: "filter",
  group: "whitelist",
  reads: ["headers"],
  needs: ["SPF_CHECK", "DKIM_CHECK", "DMARC_CHECK"],
  config: whitelistConfig,
  symbols: {},
  configured: ({ whitelist }) => (whitelist.enabled ? symbolsOf(whitelist.rules) : null),
  run(task, ctx) {
    const author = authorOf(task.headers);
    const evidence = {
      author: "domain" in author ? author.domain : "",
      spf: ctx.finding("SPF_CHECK"),
      dkim: ctx.finding("DKIM_CHECK"),
      dmarc: ctx.finding("DMARC_CHECK"),
    };
    for (const [name, rule] of rulesWithDomains(ctx.config.whitelist.rules)) {
      const map = domainMap(rule.domains);
      const mark = judge(name, rule, map, evidence);
      for (const problem of map.takeProblems()) ctx.log.warn({ problem }, `whitelist.rules.${name}`);
      if (mark !== undefined) ctx.hitConfigured(mark.symbol, { factor: mark.factor, options: mark.domains });
    }
  },
});
