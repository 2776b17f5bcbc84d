// Authentication-Results (RFC 8601): what we found out about who sent the message, under our own name.

import type { SectionValue } from "../../../shared/config/schema.ts";
import { flag, list, section, text } from "../../../shared/config/schema.ts";
import type { Header, Headers } from "../../../shared/task.ts";
import type { AuthenticationResult, RemovedHeader } from "../../../shared/verdict.ts";
import { fieldOfParts, printable } from "./field.ts";
import type { HeaderChanges, Outcome } from "./routine.ts";
import { headerKeys } from "./routine.ts";

export const authenticationResultsOptions = section("What is known of who sent the message.", {
  ...headerKeys("Authentication-Results"),
  add_smtp_user: flag(true, "Show the login of an authenticated user."),
  remove_ar_from: list(text("", "A host."), [], "Remove only headers of these hosts, and of our own."),
});

/** Characters of a value, comment or reason. */
const longest = 256;

export function authenticationResults(
  options: SectionValue<typeof authenticationResultsOptions>,
  outcome: Outcome,
): HeaderChanges {
  const { envelope, headers, hostname, authentication } = outcome;
  const name = isHost(envelope.mtaName ?? "") ? (envelope.mtaName ?? "") : hostname;
  const results = options.add_smtp_user ? [...authentication, ...loginOf(outcome)] : authentication;
  // RFC 8601, 2.2: a header without any result says "none".
  const parts = results.length === 0 ? ["none"] : results.map(written);
  const lines = [`${value(name)};`, ...parts.map((part, index) => (index < parts.length - 1 ? `${part};` : part))];
  return {
    // At the top: RFC 8601, 5 has each host put its own above those that are there.
    addHeaders: [fieldOfParts(options.header, lines, 1)],
    removeHeaders: removed(options, headers, [name, ...options.remove_ar_from]),
  };
}

function loginOf({ envelope }: Outcome): readonly AuthenticationResult[] {
  if (envelope.user === undefined || envelope.user === "") return [];
  const from = envelope.from === undefined || envelope.from === "" ? [] : [["smtp.mailfrom", envelope.from] as const];
  return [{ method: "auth", result: "pass", properties: [["smtp.auth", envelope.user], ...from] }];
}

function written({ method, result, reason, comment, properties }: AuthenticationResult): string {
  const parts = [`${method}=${result}`];
  if (comment !== undefined)
    parts.push(
      `(${printable(comment)
        .slice(0, longest)
        .replace(/[()\\]/g, "")})`,
    );
  if (reason !== undefined) parts.push(`reason=${quoted(reason)}`);
  for (const [property, text] of properties) parts.push(`${property}=${value(text)}`);
  return parts.join(" ");
}

/** A token (RFC 2045, 5.1) or an address of plain words stands for itself (RFC 8601, 2.2), all else in quotes. */
const token = /^[!#$%&'*+\-.^_`{|}~A-Za-z0-9]+$/;
const address = /^[!#$%&'*+\-./=?^_`{|}~A-Za-z0-9]*@[A-Za-z0-9.-]+$/;

function value(text: string): string {
  const line = printable(text).slice(0, longest);
  return token.test(line) || address.test(line) ? line : quoted(line);
}

function quoted(text: string): string {
  return `"${printable(text).slice(0, longest).replace(/["\\]/g, "\\$&")}"`;
}

function isHost(text: string): boolean {
  return /^[A-Za-z0-9._:[\]-]{1,255}$/.test(text);
}

/**
 * RFC 8601, 5: a header that claims to be ours and is not must go. By default all go; where hosts are named, only
 * theirs and ours, the last one first, so that the places of the others stay right.
 */
function removed(
  options: SectionValue<typeof authenticationResultsOptions>,
  headers: Headers,
  hosts: readonly string[],
): readonly RemovedHeader[] {
  const name = options.header;
  if (options.remove_ar_from.length === 0) return options.remove === null ? [] : [{ name, index: options.remove }];
  const unwanted = new Set(hosts.map((host) => host.toLowerCase()));
  return headers.fields
    .filter((header) => header.key === name.toLowerCase())
    .flatMap((header, place) => (unwanted.has(authserv(header)) ? [{ name, index: place + 1 }] : []))
    .reverse();
}

/** The authserv-id of a header: its first word. */
function authserv(header: Header): string {
  return /^\s*"?([^\s;"]*)/.exec(header.value)?.[1]?.toLowerCase() ?? "";
}
