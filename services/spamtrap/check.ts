import { defineCheck, type Finding } from "../../shared/check.ts";
import { choice, flag, number, optional, section, text } from "../../shared/config/schema.ts";
import { addressMap, lookUpAddress } from "../../shared/map/live-map.ts";
import { emptySource, type MapSource, mapSource } from "../../shared/map/source.ts";
import { isIn } from "../../shared/network.ts";
import { optionsConfig } from "../../shared/options.ts";
import { actions } from "../../shared/verdict.ts";

export const spamtrapConfig = {
  ...optionsConfig,
  spamtrap: section("Recipients that nobody is: who writes to them sends spam.", {
    enabled: flag(true, "no: nobody is a trap."),
    map: mapSource("addresses", "The traps: user@domain, @domain for all of a domain, user for all domains."),
    symbol: text("SPAMTRAP", "Symbol of mail to a trap."),
    score: number(0, "Its score."),
    action: optional(choice(actions, "no action", "What becomes of mail to a trap. Unset: the score decides.")),
    smtp_message: text("", "Text for the sending server; $rcpt stands for the trap."),
    learn_spam: flag(false, "The classifiers learn mail to a trap as spam."),
    check_local: flag(false, "Look at mail from options.local_addrs too."),
    check_authed: flag(false, "Look at mail of users who have logged in too."),
    allow_multiple_rcpts: flag(
      false,
      "Look at mail to several recipients too: a trap may be one that a user mistyped.",
    ),
  }),
};

declare module "../../shared/check.ts" {
  interface Findings {
    SPAMTRAP_CHECK: Finding;
  }
}

/** Recipients of a mail that are looked up. */
const mostRecipients = 200;
/** Learned as spam when the verdict is out. */
const lesson: Finding = { lesson: { label: "spam", origin: "trap" } };

function hasTraps({ entries, files }: MapSource = emptySource): boolean {
  return entries.length + files.length > 0;
}

export const spamtrap = defineCheck({
  name: "SPAMTRAP_CHECK",
  about: "Looks whether a mail goes to an address that nobody has.",
  stage: "pre",
  group: "spamtrap",
  reads: [],
  config: spamtrapConfig,
  symbols: {},
  configured({ spamtrap: { enabled, map, symbol, score } }) {
    if (!enabled || !hasTraps(map)) return null;
    const about = "The mail goes to an address that nobody has.";
    return { [symbol]: { score, about, decides: true, key: "spamtrap.symbol" } };
  },
  run({ envelope }, ctx) {
    const { spamtrap: config, options } = ctx.config;
    const { rcpts, user = "", ip } = envelope;
    if (rcpts.length > 1 && !config.allow_multiple_rcpts) return undefined;
    if ((user !== "" && !config.check_authed) || (!config.check_local && isIn(ip, options.local_addrs))) {
      return undefined;
    }
    const traps = addressMap(config.map);
    for (const problem of traps.takeProblems()) ctx.log.warn({ problem }, "spamtrap.map");
    const trap = rcpts.slice(0, mostRecipients).find((rcpt) => lookUpAddress(traps, rcpt) !== undefined);
    if (trap === undefined) return undefined;
    const { action, smtp_message: message } = config;
    const said = message === "" ? {} : { message: message.replaceAll(/\$(?:rcpt\b|\{rcpt\})/g, () => trap) };
    const detail = { options: [trap.toLowerCase()] };
    ctx.hitConfigured(config.symbol, action === null ? detail : { ...detail, result: { action, ...said } });
    return config.learn_spam ? lesson : undefined;
  },
});
