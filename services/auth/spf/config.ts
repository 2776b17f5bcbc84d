// The section `spf`: which mail is checked, and how much a record may cost.

import { flag, integer, section } from "../../../shared/config/schema.ts";
import { mapSource } from "../../../shared/map/source.ts";
import { optionsConfig } from "../../../shared/options.ts";
import { defaultLimits } from "./visit.ts";

export const spfConfig = {
  spf: section("Whether the client may send for the envelope sender (SPF).", {
    enabled: flag(true, "Ask for SPF records at all."),
    check_local: flag(false, "Check mail from options.local_addrs too."),
    check_authed: flag(false, "Check mail of users who have logged in too."),
    whitelist: mapSource("networks", "Clients that are not checked."),
    external_relay: mapSource(
      "networks",
      "Hosts that take mail for us from outside: what their Received headers name as client is checked instead of them.",
    ),
    max_dns_nesting: integer(defaultLimits.nesting, "Records that are read one because of the other.", {
      min: 1,
      max: 20,
    }),
    max_dns_requests: integer(defaultLimits.queries, "Queries for one message.", { min: 1, max: 1_000 }),
    max_dns_expansions: integer(defaultLimits.names, "Names that one mx or ptr may lead to.", { min: 1, max: 100 }),
    max_void_lookups: integer(defaultLimits.voids, "Terms of a record that may name what does not exist.", {
      min: 0,
      max: 10,
    }),
  }),
  ...optionsConfig,
};
