// The mail that carries a report (RFC 7489, 7.2.1.1).

import { randomUUID } from "node:crypto";
import type { ReportingConfig } from "../../shared/dmarc/config.ts";
import { encodePhrase } from "../../shared/message/encode-phrase.ts";
import { encodeText } from "../../shared/message/encode-word.ts";
import type { Day } from "./day.ts";

export interface ReportMail {
  readonly domain: string;
  readonly day: Day;
  readonly reportId: string;
  readonly recipients: readonly string[];
  /** The report, gzipped. */
  readonly gzip: Uint8Array;
  /** ms since 1970. */
  readonly now: number;
}

/** Name of the file: who reports, on whom, from when to when in seconds since 1970. */
export function fileName(submitter: string, domain: string, { begin, end }: Day): string {
  return `${submitter}!${domain}!${begin}!${end}.xml.gz`;
}

/** In ASCII, with CRLF. */
export function reportMessage(reporting: ReportingConfig, mail: ReportMail): string {
  const { domain, day, reportId, recipients, gzip, now } = mail;
  const submitter = reporting.domain;
  const boundary = `report-${randomUUID()}`;
  const header = (name: string, value: string) => `${name}: ${encodeText(value, name.length + 2, "\r\n")}`;
  // Few programs that read reports decode names of files, so they stand as they are: domains are in ASCII.
  const name = fileName(submitter, domain, day);
  return [
    `From: ${encodePhrase(reporting.from_name, "From: ".length, "\r\n")} <${reporting.email}>`,
    `To: ${recipients.map((address) => `<${address}>`).join(",\r\n ")}`,
    header("Subject", `Report Domain: ${domain} Submitter: ${submitter} Report-ID: <${reportId}>`),
    header("Date", `${new Date(now).toUTCString().replace("GMT", "+0000")}`),
    header("Message-ID", `<${randomUUID()}@${reporting.msgid_from || submitter}>`),
    "MIME-Version: 1.0",
    // RFC 3834, 5: nobody's vacation shall answer.
    "Auto-Submitted: auto-generated",
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    "",
    `--${boundary}`,
    "Content-Type: text/plain; charset=us-ascii",
    "",
    `This is a DMARC aggregate report on ${domain} for ${day.name} (UTC), by ${submitter}.`,
    "",
    `--${boundary}`,
    "Content-Type: application/gzip",
    "Content-Transfer-Encoding: base64",
    `Content-Disposition: attachment;\r\n filename="${name}"`,
    "",
    ...(Buffer.from(gzip)
      .toString("base64")
      .match(/.{1,76}/g) ?? []),
    `--${boundary}--`,
    "",
  ].join("\r\n");
}
