// Whether those whom a domain names want its reports: anybody could name anybody (RFC 7489, 7.1).

import { isWithin, organisationOf } from "../../shared/dmarc/organisation.ts";
import { hostOf, type ReportAddress, readReportAddresses } from "../../shared/dmarc/report-uri.ts";
import type { Dns } from "../../shared/dns/dns.ts";

export interface Destinations {
  readonly wanted: readonly ReportAddress[];
  /** Why others get nothing. */
  readonly refused: readonly string[];
  /** The DNS did not answer for some of these: another time it may. */
  readonly open: boolean;
}

/** `domain` is that of the record. */
export async function checkDestinations(
  domain: string,
  addresses: readonly ReportAddress[],
  dns: Dns,
): Promise<Destinations> {
  const wanted = new Map<string, ReportAddress>();
  const refused: string[] = [];
  let open = false;
  for (const address of addresses) {
    const checked = await check(domain, address, dns);
    if ("why" in checked) {
      refused.push(`${address.address}: ${checked.why}`);
      open ||= checked.open;
    } else for (const one of checked.wanted) wanted.set(one.address, one);
  }
  return { wanted: [...wanted.values()], refused, open };
}

type Checked = { readonly wanted: readonly ReportAddress[] } | { readonly why: string; readonly open: boolean };

async function check(domain: string, address: ReportAddress, dns: Dns): Promise<Checked> {
  const host = hostOf(address.address);
  const organisation = organisationOf(domain);
  if (isWithin(host, organisation) && organisationOf(host) === organisation) return { wanted: [address] };
  const name = `${domain}._report._dmarc.${host}`;
  if (name.length > 253) return { why: "its name leaves no room to ask whether it wants them", open: false };
  const answer = await dns.query(name, "TXT");
  if (answer.status === "failed") return { why: `${name}: ${answer.reason}`, open: true };
  const texts = answer.status === "found" ? answer.records : [];
  const records = texts.filter((text) => /^[vV][ \t]*=[ \t]*DMARC1[ \t]*(?:;|$)/.test(text));
  if (records.length === 0) return { why: `${host} does not say that it wants reports on ${domain}`, open: false };
  // It may name another address, of the same host.
  const others = records.flatMap((text) => readReportAddresses(/;[ \t]*rua[ \t]*=([^;]*)/i.exec(text)?.[1] ?? ""));
  const own = others.filter((other) => hostOf(other.address) === host);
  return { wanted: own.length === 0 ? [address] : own };
}
