// Authentication-Results (RFC 8601): what we found out about who sent the message, under our own name.

import type { SectionValue } from "../../../shared/config/schema.ts";
import { flag, list, section, text } from "../../../shared/config/schema.ts";
import { inside, quoteEnd, withoutComments } from "../../../shared/message/comment.ts";
import type { Header, Headers } from "../../../shared/task.ts";
import type { AddedHeader, AuthenticationResult, RemovedHeader } from "../../../shared/verdict.ts";
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
  const { headers, hostname } = outcome;
  return {
    // At the top: RFC 8601, 5 has each host put its own above those that are there.
    addHeaders: [resultsField(options, outcome)],
    removeHeaders: removed(options, headers, [ownName(outcome), hostname]),
  };
}

/** The header alone, also where none is added: those who seal a message note the same (RFC 8617, 4.1.1). */
export function resultsField(
  options: SectionValue<typeof authenticationResultsOptions>,
  outcome: Pick<Outcome, "envelope" | "hostname" | "authentication">,
): AddedHeader {
  const { authentication } = outcome;
  const results = options.add_smtp_user ? [...authentication, ...loginOf(outcome)] : authentication;
  // RFC 8601, 2.2: a header without any result says "none".
  const parts = results.length === 0 ? ["none"] : results.map(written);
  const head = `${value(ownName(outcome))};`;
  const lines = [head, ...parts.map((part, index) => (index < parts.length - 1 ? `${part};` : part))];
  return fieldOfParts(options.header, lines, 1);
}

function ownName({ envelope: { mtaName = "" }, hostname }: Pick<Outcome, "envelope" | "hostname">): string {
  return isHost(mtaName) ? mtaName : hostname;
}

function loginOf({ envelope }: Pick<Outcome, "envelope">): readonly AuthenticationResult[] {
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
 * RFC 8601, 5: a header that claims to be ours and is not must go, whatever else is configured. By default all go, for
 * readers may not look whose they are; where hosts are named, only theirs and ours. The last one first, so that the
 * places of the others stay right.
 */
function removed(
  options: SectionValue<typeof authenticationResultsOptions>,
  headers: Headers,
  own: readonly string[],
): readonly RemovedHeader[] {
  const { header: name, remove, remove_ar_from: others } = options;
  if (others.length === 0 && remove === 0) return [{ name, index: 0 }];
  const unwanted = new Set([...own, ...others].map(bareHost));
  const there = headers.fields.filter((header) => header.key === name.toLowerCase());
  const places = new Set(there.flatMap((header, place) => (unwanted.has(authserv(header)) ? [place + 1] : [])));
  if (others.length === 0 && remove !== null) places.add(remove < 0 ? there.length + remove + 1 : remove);
  return [...places]
    .filter((place) => place >= 1 && place <= there.length)
    .sort((a, b) => b - a)
    .map((index) => ({ name, index }));
}

/** The authserv-id of a header: its first word, which may stand behind comments and in quotes (RFC 8601, 2.2). */
function authserv({ value }: Header): string {
  const text = withoutComments(value, Number.POSITIVE_INFINITY, () => {}).trimStart();
  if (!text.startsWith('"')) return bareHost(/^[^\s;]*/.exec(text)?.[0] ?? "");
  const end = quoteEnd(text, 0);
  return bareHost(end === -1 ? text.slice(1) : inside(text.slice(0, end)));
}

function bareHost(host: string): string {
  return host.trim().toLowerCase().replace(/\.$/, "");
}
