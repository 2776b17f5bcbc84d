// Sends the reports of a day: one mail for each domain whose owner asked for it.

import { hostname } from "node:os";
import { gzipSync } from "node:zlib";
import type { ReportingConfig } from "../../shared/dmarc/config.ts";
import type { Resolver } from "../../shared/dns/dns.ts";
import { type Fault, toFault } from "../../shared/fault.ts";
import type { Store } from "../../shared/store/store.ts";
import { beyondDomains, type Collected, collectedOf, domainsOf, noteSent, wasSent } from "./collect.ts";
import type { Day } from "./day.ts";
import { checkDestinations } from "./destinations.ts";
import { reportMessage } from "./message.ts";
import { type Mail, SmtpConnection } from "./smtp.ts";
import { reportXml } from "./xml.ts";

export interface SendPlace {
  readonly store: Store;
  readonly resolver: Resolver;
  readonly reporting: ReportingConfig;
  /** ms since 1970. */
  now(): number;
  /** ms to wait before a further attempt; for tests. Default 5 s. */
  readonly pause?: number;
}

/** What became of the report on one domain. */
export interface Outcome {
  readonly domain: string;
  readonly status: "sent" | "sent before" | "nobody wants it" | "failed" | "not sent";
  readonly messages: number;
  readonly rows: number;
  readonly recipients: readonly string[];
  /** Why somebody got nothing. */
  readonly notes: readonly string[];
  /** Only of a dry run. */
  readonly xml?: string;
}

export interface DayOutcome {
  readonly reports: readonly Outcome[];
  /** Messages of domains for which there was no room. */
  readonly beyond: number;
}

/** ms for the queries on one domain. */
const dnsPatience = 20_000;

/** Reports on one domain after the other; `tell` hears of each at once. Never throws for one of them. */
export async function sendReports(
  place: SendPlace,
  day: Day,
  dryRun: boolean,
  tell: (outcome: Outcome) => void,
): Promise<DayOutcome> {
  const { store } = place;
  const server = openServer(place);
  const reports: Outcome[] = [];
  try {
    for (const domain of await domainsOf(store, day)) {
      const outcome = await reportOn(domain, place, day, dryRun, server).catch(
        (thrown): Outcome => ({ ...nothingOf(domain), status: "failed", notes: [toFault(thrown).message] }),
      );
      if (outcome === undefined) continue;
      reports.push(outcome);
      tell(outcome);
    }
  } finally {
    await server.close();
  }
  return { reports, beyond: await beyondDomains(store, day) };
}

function nothingOf(domain: string): Pick<Outcome, "domain" | "messages" | "rows" | "recipients"> {
  return { domain, messages: 0, rows: 0, recipients: [] };
}

/** Undefined when nothing is known of the domain. */
async function reportOn(
  domain: string,
  place: SendPlace,
  day: Day,
  dryRun: boolean,
  server: Server,
): Promise<Outcome | undefined> {
  const { store, reporting } = place;
  const collected = await collectedOf(store, day, domain);
  if (collected === undefined || collected.rows.length === 0) return undefined;
  if (!dryRun && (await wasSent(store, day, domain))) {
    return { ...sumOf(collected), status: "sent before", recipients: [], notes: [] };
  }
  const outcome = await report(place, day, collected, dryRun, server);
  // A report that nobody takes is done with, too: asking again would change nothing.
  const done = outcome.status === "sent" || outcome.status === "nobody wants it";
  if (done && !dryRun) await noteSent(store, day, domain, reporting.keys_expire);
  return outcome;
}

function sumOf({ domain, rows, beyond }: Collected): Pick<Outcome, "domain" | "messages" | "rows"> {
  return { domain, messages: rows.reduce((sum, { count }) => sum + count, beyond), rows: rows.length };
}

async function report(
  { resolver, reporting, now }: SendPlace,
  day: Day,
  collected: Collected,
  dryRun: boolean,
  server: Server,
): Promise<Outcome> {
  const { domain } = collected;
  const sum = sumOf(collected);
  const dns = resolver.dnsFor({ signal: AbortSignal.timeout(dnsPatience), queries: 0 });
  const { wanted, refused, open } = await checkDestinations(domain, collected.addresses, dns);
  // The same report has the same name, so that who gets it twice can tell.
  const reportId = `${day.name}.${domain}@${reporting.domain}`;
  const xml = reportXml(collected, day, reporting, reportId);
  const gzip = gzipSync(xml);
  const notes = [...refused];
  const recipients: string[] = [];
  for (const { address, limit } of wanted) {
    if (limit === null || gzip.length <= limit) recipients.push(address);
    else notes.push(`${address}: takes ${limit} bytes, the report has ${gzip.length}`);
  }
  if (dryRun) return { ...sum, status: "not sent", recipients, notes, xml };
  if (recipients.length === 0) return { ...sum, status: open ? "failed" : "nobody wants it", recipients, notes };
  const message = reportMessage(reporting, { domain, day, reportId, recipients, gzip, now: now() });
  const everybody = [...recipients, ...reporting.bcc_addrs];
  const sent = await server.send({ from: reporting.email, recipients: everybody, message });
  if ("fault" in sent) return { ...sum, status: "failed", recipients: [], notes: [...notes, sent.fault.message] };
  const accepted = sent.accepted.filter((address) => recipients.includes(address));
  const status = accepted.length > 0 ? "sent" : "nobody wants it";
  return { ...sum, status, recipients: accepted, notes: [...notes, ...sent.refused] };
}

type Answer = { readonly accepted: readonly string[]; readonly refused: readonly string[] } | { readonly fault: Fault };

interface Server {
  /** Tries as often as configured. */
  send(mail: Mail): Promise<Answer>;
  close(): Promise<void>;
}

/** One connection for all reports, opened with the first and again when it broke. */
function openServer({ reporting, pause = 5_000 }: SendPlace): Server {
  const { smtp, smtp_port, smtp_tls, smtp_timeout, smtp_user, smtp_password, helo, retries } = reporting;
  const options = {
    host: smtp,
    port: smtp_port,
    tls: smtp_tls,
    timeout: smtp_timeout,
    helo: helo || hostname(),
    login: smtp_user === "" ? undefined : { user: smtp_user, password: smtp_password },
  };
  let connection: SmtpConnection | undefined;
  let misconfigured: Fault | undefined;
  return {
    async send(mail) {
      // A wrong password is wrong for all reports of this run; to try it with each gets accounts locked.
      if (misconfigured !== undefined) return { fault: misconfigured };
      for (let attempt = 0; ; attempt++) {
        try {
          connection ??= await SmtpConnection.open(options);
          return await connection.send(mail);
        } catch (thrown) {
          const fault = toFault(thrown);
          if (fault.code === "bad-config") misconfigured = fault;
          connection?.destroy();
          connection = undefined;
          if (!fault.temporary || attempt >= retries) return { fault };
          await new Promise((resolve) => setTimeout(resolve, pause));
        }
      }
    },
    close: async () => connection?.close(),
  };
}
