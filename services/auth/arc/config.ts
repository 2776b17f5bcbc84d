// The section `arc`: which chains are validated, whose word counts, and what we seal.

import { duration, flag, integer, section, text } from "../../../shared/config/schema.ts";
import { mapSource } from "../../../shared/map/source.ts";
import { sealingKeys } from "../sign/config.ts";
import { spfConfig } from "../spf/config.ts";

export const arcConfig = {
  arc: section("Whether a chain of forwarders vouches for what it saw, and our own seals (ARC).", {
    enabled: flag(true, "Validate chains at all."),
    check_local: flag(false, "Check mail from options.local_addrs too."),
    check_authed: flag(false, "Check mail of users who have logged in too."),
    whitelisted_signers_map: mapSource("domains", "Domains of sealers whose word we take for what they saw."),
    adjust_dmarc: flag(true, "Let mail pass DMARC that passed it when a sealer of whitelisted_signers_map took it."),
    time_jitter: duration(21_600_000, "Time by which the clocks of sealers may differ from ours.", {
      min: 0,
      max: 604_800_000,
    }),
    arc_cache_size: integer(2_000, "Public keys that are kept ready, those of dkim among them.", {
      min: 0,
      max: 100_000,
    }),
    symbol_sign: text("ARC_SIGNED", "Symbol of mail that was sealed."),
    ...sealingKeys,
  }),
  // Which host it came from is for SPF to say, and so is which networks are ours.
  ...spfConfig,
};
