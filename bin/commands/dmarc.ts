// Sends the DMARC reports of a day. A timer of the system runs it, so that a site decides itself when.

import { parseArgs } from "node:util";
import { dayBefore, readDay } from "../../services/dmarc-reports/day.ts";
import { type Outcome, sendReports } from "../../services/dmarc-reports/send.ts";
import { dmarcConfig } from "../../shared/dmarc/config.ts";
import { dmarcResultJobs } from "../../shared/dmarc/result-job.ts";
import { Fault } from "../../shared/fault.ts";
import { type Command, refuse } from "../command.ts";
import { openPlace } from "../open-system.ts";
import { placeOptions } from "../place.ts";

const help = `sluice dmarc report [OPTIONS]

Sends the DMARC aggregate reports of a day to the owners of the domains that asked for them. Run it once a day, some time
after midnight UTC; a report that has gone out does not go out again. Results are collected when dmarc.reporting.enabled
is set, with email, domain and org_name.

  --date DAY        2026-01-15, in UTC                                       (default: yesterday)
  --dry-run         print the reports and to whom they would go; send and note nothing
  --config DIR      as for 'sluice serve'
  --data DIR        as for 'sluice serve'
  --set KEY=VALUE   as for 'sluice serve'; may be repeated

Exit codes: 0 all has been sent, 1 the mail server or the DNS kept some from going out (run it again), 64 wrong usage,
69 the state cannot be opened, 78 wrong configuration.`;

async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      date: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      ...placeOptions,
    },
  });
  const [what, ...others] = positionals;
  if (what !== "report" || others.length > 0) {
    console.error(help);
    return 64;
  }
  const day = chosenDay(values.date);
  if (day instanceof Fault) return refuse("dmarc report", day.message);
  const system = await openPlace(values, "warn");
  try {
    const { reporting } = system.config.get(dmarcConfig).dmarc;
    if (!reporting.enabled) {
      return refuse("dmarc report", "dmarc.reporting.enabled is not set, so nothing is collected", 78);
    }
    const { store, resolver, now } = system;
    const { reports, beyond } = await sendReports({ store, resolver, reporting, now }, day, values["dry-run"], show);
    const sent = reports.filter(({ status }) => status === "sent").length;
    const failed = reports.filter(({ status }) => status === "failed").length;
    console.log(`${day.name}: ${reports.length} domains, ${sent} reports sent, ${failed} failed`);
    if (beyond > 0) console.log(`${beyond} messages are in no report: there were too many domains`);
    const { waiting, delayed, dead } = await system.queue.count(dmarcResultJobs);
    if (waiting + delayed + dead > 0)
      console.log(`${waiting + delayed} results are not added up yet, ${dead} never will be`);
    return failed > 0 ? 1 : 0;
  } finally {
    await system.close();
  }
}

function chosenDay(text: string | undefined) {
  try {
    return text === undefined ? dayBefore(Date.now()) : readDay(text);
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
    throw thrown;
  }
}

function show({ domain, status, messages, rows, recipients, notes, xml }: Outcome): void {
  const to = recipients.length === 0 ? "" : ` to ${recipients.join(", ")}`;
  console.log(`${domain}: ${status}${to}: ${messages} messages, ${rows} rows`);
  for (const note of notes) console.log(`  ${note}`);
  if (xml !== undefined) console.log(xml.trimEnd());
}

const dmarc: Command = { about: "send the DMARC reports of a day", help, run };
export default dmarc;
