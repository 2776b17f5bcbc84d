// The section `dmarc`: the check, the reports it feeds, and mailing lists of this site. Keys as Rspamd's operators know
// them.

import { choice, duration, flag, integer, list, optional, type SectionValue, section, text } from "../config/schema.ts";
import { mapSource } from "../map/source.ts";

const action = (when: string) =>
  optional(text("", `Least action ${when}: reject, quarantine, add_header, ... null: the score decides.`));

const reporting = section("Daily reports to the owners of domains (RFC 7489, 7.2).", {
  enabled: flag(false, "Collect results; `sluice dmarc report` sends them."),
  email: text("", "Sender of the reports, an address of your own."),
  domain: text("", "Your domain, which reports name as their submitter."),
  org_name: text("", "Name of your organisation."),
  from_name: text("Sluice", "Name of the sender."),
  extra_contact_info: text("", "How else to reach you; shown in reports."),
  msgid_from: text("", "Domain of the reports' Message-ID; by default `domain`."),
  smtp: text("127.0.0.1", "Mail server that takes the reports."),
  smtp_port: integer(25, "Its port.", { min: 1, max: 65_535 }),
  smtp_tls: choice(
    ["offered", "required", "never", "implicit"],
    "offered",
    "STARTTLS when the server offers it; required: with a certificate that holds for its name, or no report goes out; " +
      "implicit: the same, with TLS from the first byte (port 465). With smtp_user, offered is required, except for a " +
      "server on 127.0.0.1, ::1 or localhost.",
  ),
  smtp_user: text("", "Logs in to the mail server, with PLAIN or LOGIN (RFC 4954). Empty: no login is needed."),
  smtp_password: text("", "Of that user. It goes out through TLS only, or to this machine."),
  smtp_timeout: duration(60_000, "Time for each answer of the mail server.", { min: 100, max: 600_000 }),
  helo: text("", "Name to greet it with; by default that of this machine."),
  retries: integer(2, "Further attempts when a report could not be delivered to the mail server.", { min: 0, max: 10 }),
  bcc_addrs: list(text("", "An address."), [], "Get a copy of each report."),
  only_domains: mapSource("domains", "Report only on these domains, or those below these organisational domains."),
  exclude_domains: mapSource("domains", "Do not report on these domains, nor below these organisational domains."),
  exclude_recipients: mapSource("addresses", "Mail to these recipients is left out of reports."),
  exclude_rua_addresses: mapSource("addresses", "No report goes to these."),
  max_entries: integer(1_000, "Rows of one report; further ones are only counted.", { min: 1, max: 9_000 }),
  keys_expire: duration(172_800_000, "How long results are kept.", { min: 3_600_000, max: 2_592_000_000 }),
});

const munging = section(
  "Rewrites the author of mail to mailing lists of this site, so that it passes DMARC when the list sends it on.",
  {
    list_map: mapSource("addresses", "Addresses of the mailing lists. Empty: nothing is rewritten."),
    mitigate_strict_only: flag(false, "Only when the author's domain asks to reject or quarantine."),
    mitigate_allow_only: flag(true, "Only mail that passes DMARC now."),
    reply_goes_to_list: flag(false, "Replies go to the list, not to the author."),
  },
);

const dmarc = section("Policies of author domains (DMARC, RFC 7489 and RFC 9989).", {
  enabled: flag(true, "Ask for policies at all."),
  check_local: flag(false, "Look at mail from our own networks too."),
  check_authed: flag(false, "Look at mail of authenticated users too."),
  tree_walk: flag(false, "Find organisations by walking up the DNS (RFC 9989, 4.10), not by the public suffix list."),
  actions: section("What happens beside the score.", {
    reject: action("for mail that fails where the domain asks to reject"),
    quarantine: action("for mail that fails where the domain asks for quarantine"),
    softfail: action("for mail that fails where the domain asks for nothing"),
    na: action("for mail without a policy, because the author cannot be told"),
    badpolicy: action("where the domain's record cannot be read"),
    dnsfail: action("where the DNS does not answer"),
  }),
  no_sampling_domains: mapSource("domains", "Domains whose policy is applied to all mail, whatever their pct says."),
  no_reporting_domains: mapSource("domains", "As reporting.exclude_domains."),
  reporting,
  munging,
});

export const dmarcConfig = { dmarc };
export type DmarcConfig = SectionValue<typeof dmarc>;
export type ReportingConfig = DmarcConfig["reporting"];
