// The section `dkim`: which mail is checked, and what a check may cost.

import { duration, flag, integer, number, section } from "../../../shared/config/schema.ts";
import { mapSource } from "../../../shared/map/source.ts";
import { spfConfig } from "../spf/config.ts";

/** Largest factor that `strict_multiplier` may bring to a symbol. */
export const strictest = 5;

export const dkimConfig = {
  dkim: section("Whether the signatures of a message hold (DKIM).", {
    enabled: flag(true, "Check signatures at all."),
    check_local: flag(false, "Check mail from options.local_addrs too."),
    check_authed: flag(false, "Check mail of users who have logged in too."),
    whitelist: mapSource("networks", "Clients that are not checked."),
    max_sigs: integer(5, "Signatures of one message that are checked, from the top.", { min: 1, max: 20 }),
    skip_multi: flag(false, "Check only the topmost signature."),
    time_jitter: duration(21_600_000, "Time by which the clocks of signers may differ from ours.", {
      min: 0,
      max: 604_800_000,
    }),
    domains: mapSource("domains", "Domains whose signatures count strict_multiplier times."),
    trusted_only: flag(false, "Check only signatures of the domains in `domains`."),
    strict_multiplier: number(1, "Factor of R_DKIM_ALLOW and R_DKIM_REJECT for the domains in `domains`.", {
      min: 0,
      max: strictest,
    }),
    dkim_cache_size: integer(2_000, "Public keys that are kept ready.", { min: 0, max: 100_000 }),
  }),
  // Which host it came from is for SPF to say, and so is which networks are ours.
  ...spfConfig,
};
