// SPF (RFC 7208): whether a host may send for a domain. Everything it knows comes from its arguments and the DNS it is
// given; what is a matter of this site (whom to check, what to make of it) is in check.ts.

import type { Dns } from "../../../shared/dns/dns.ts";
import { finish, type Soon, type Steps, wait } from "../../../shared/dns/steps.ts";
import { asciiHost, isHostName } from "../../../shared/message/domain.ts";
import { contains } from "../../../shared/network.ts";
import { type Client, dotted, readClient, sharesPrefix } from "./client.ts";
import { type DomainSpec, targetName } from "./domain-spec.ts";
import { explain } from "./explanation.ts";
import type { SpfResult } from "./finding.ts";
import { knownRecord } from "./known-record.ts";
import { type Meaning, shorten } from "./macro.ts";
import { asks } from "./mechanism.ts";
import type { Directive, Qualifier, SpfRecord } from "./record.ts";
import { nameFor } from "./reverse.ts";
import { type Select, selectSpf1 } from "./select.ts";
import { defaultLimits, failure, type SpfLimits, type Stop, Visit } from "./visit.ts";

/** The arguments of check_host() (RFC 7208, 4.1), and the HELO name for the macro "h". */
export interface SpfQuestion {
  /** In any spelling. */
  readonly ip: string;
  readonly helo: string;
  /** The identity that is checked: an address, or a domain that stands for "postmaster" there. */
  readonly sender: string;
  /** Whose record is looked for: in ASCII. */
  readonly domain: string;
}

export interface SpfOptions {
  readonly limits?: Partial<SpfLimits>;
  /** Which of the TXT records of a name is meant. Default: version 1 of SPF. */
  readonly select?: Select;
  /** Fetch the explanation of a fail: one more query (RFC 7208, 6.2). */
  readonly explain?: boolean;
  /** For explanations: the name of this host, and the time in ms since 1970. */
  readonly receiver?: string;
  readonly now?: number;
}

export interface SpfOutcome {
  readonly result: SpfResult;
  /** The term that decided, "" when none did. In an included record it is that record's, with the qualifier that counts. */
  readonly mechanism: string;
  /** Why, where no term says it. */
  readonly reason: string;
  /** For a pass: the term that would let anybody pass, of the records that led to it; "" when there is none. */
  readonly open: string;
  /** What the domain says to those who fail: text of a stranger, "" when it says nothing or was not asked. */
  readonly explanation: string;
}

const results: Readonly<Record<Qualifier, SpfResult>> = { "+": "pass", "-": "fail", "~": "softfail", "?": "neutral" };

/** Longest sender and HELO name that are looked at: a path has 256 characters (RFC 5321, 4.5.3.1.3). */
const longestIdentity = 512;

/** Never rejects. */
export function evaluateSpf(dns: Dns, question: SpfQuestion, options: SpfOptions = {}): Soon<SpfOutcome> {
  return finish(evaluate(dns, question, options));
}

function* evaluate(dns: Dns, question: SpfQuestion, options: SpfOptions): Steps<SpfOutcome> {
  const client = readClient(question.ip);
  if (client === null) return none("there is no address to check");
  const domain = question.domain.toLowerCase();
  if (question.sender.length > longestIdentity) return none("the sender is too long");
  // RFC 7208, 4.3
  if (!isHostName(domain) || !domain.includes(".")) return none("the sender has no domain to ask for");
  const visit = new Visit(dns, client, { ...defaultLimits, ...options.limits });
  const check = { visit, letters: lettersOf(question, client), select: options.select ?? selectSpf1 };
  const { exp, ...decided } = yield* checkHost(check, domain, 0);
  if (exp === null || decided.result !== "fail" || options.explain !== true) return decided;
  const { receiver = "unknown", now = Date.now() } = options;
  const meaningsOf = (letters: string) => meaningsFor(check, letters, exp.domain);
  return { ...decided, explanation: yield* explain(exp.spec, meaningsOf, { dns, client, receiver, now }) };
}

function none(reason: string): SpfOutcome {
  return { result: "none", mechanism: "", reason, open: "", explanation: "" };
}

function outcome(result: SpfResult, reason: string): Decided {
  return { result, mechanism: "", reason, open: "", explanation: "", exp: null };
}

/** Values of the macros that stay the same in all records. */
type Letters = Readonly<Record<"s" | "l" | "o" | "i" | "h" | "v", string>>;

function lettersOf({ sender, helo, domain }: SpfQuestion, client: Client): Letters {
  const at = sender.lastIndexOf("@");
  // RFC 7208, 4.3: a sender without a local part is the postmaster.
  const local = (at === -1 ? "" : sender.slice(0, at)) || "postmaster";
  const written = at === -1 ? domain : sender.slice(at + 1);
  // RFC 8616, 4: a domain beyond ASCII stands in macros as in the DNS.
  const host = /^[\x00-\x7f]*$/.test(written) ? written : asciiHost(written);
  return {
    s: `${local}@${host}`,
    l: local,
    o: host,
    i: dotted(client),
    h: helo === "" || helo.length > longestIdentity ? "unknown" : helo,
    v: client.version === 4 ? "in-addr" : "ip6",
  };
}

interface Check {
  readonly visit: Visit;
  readonly letters: Letters;
  readonly select: Select;
}

interface Decided extends SpfOutcome {
  /** Where the explanation is, and for which domain it speaks. */
  readonly exp: { readonly spec: DomainSpec; readonly domain: string } | null;
}

/** check_host() (RFC 7208, 4) for one domain; `depth` records led here. */
function* checkHost(check: Check, domain: string, depth: number): Steps<Decided> {
  const { visit } = check;
  const record = yield* fetchRecord(check, domain);
  if ("result" in record) return record;
  const exp = record.exp === null ? null : { spec: record.exp, domain };
  for (const directive of record.directives) {
    const local = matchesAtOnce(directive, visit.client);
    const match = local ?? (yield* matches(check, directive, domain, depth));
    if (match === false) continue;
    if (match === true) return { ...decide(directive, directive.text, record.open), exp };
    if (match.result !== "pass") return outcome(match.result, match.reason);
    return { ...decide(directive, match.mechanism, record.open || match.open), exp };
  }
  // RFC 7208, 4.7 and 6.1
  if (record.redirect === null) return outcome("neutral", `${domain}: no term matches`);
  return yield* redirected(check, record.redirect, domain, depth);
}

function decide({ qualifier }: Directive, text: string, open: string): SpfOutcome {
  const result = results[qualifier];
  const mechanism = `${qualifier}${text}`;
  return { result, mechanism, reason: "", open: result === "pass" ? open : "", explanation: "" };
}

/** The record of a domain, or what its absence means. */
function* fetchRecord({ visit, select }: Check, domain: string): Steps<SpfRecord | Decided> {
  const answer = yield* wait(visit.ask(domain, "TXT"));
  if (answer.status === "failed") {
    const { result, reason } = visit.overspent ?? failure(domain, "TXT", answer.reason);
    return outcome(result, reason);
  }
  if (answer.status === "no-name") return outcome("none", `${domain} does not exist`);
  const selected = answer.status === "found" ? select(answer.records) : null;
  if (selected === null) return outcome("none", `${domain} has no record`);
  // RFC 7208, 4.5
  if (selected === "several") return outcome("permerror", `${domain} has more than one record`);
  const stop = visit.countText(selected.terms);
  if (stop !== null) return outcome(stop.result, stop.reason);
  const record = knownRecord(selected.terms);
  return record instanceof Error ? outcome("permerror", `${domain}: ${record.message}`) : record;
}

/** What needs no DNS; null where it does. */
function matchesAtOnce({ mechanism }: Directive, client: Client): boolean | null {
  switch (mechanism.kind) {
    case "all":
      return true;
    case "ip4":
      return client.version === 4 && sharesPrefix(mechanism.address, client.bits, mechanism.bits);
    case "ip6":
      return client.version === 6 && contains(mechanism.network, client.groups);
    default:
      return null;
  }
}

/** A pass is that of an included record. */
type Match = boolean | Stop | { readonly result: "pass"; readonly mechanism: string; readonly open: string };

function* matches(check: Check, directive: Directive, domain: string, depth: number): Steps<Match> {
  const { mechanism } = directive;
  if (mechanism.kind === "all" || mechanism.kind === "ip4" || mechanism.kind === "ip6") return false;
  const { visit } = check;
  const stop = visit.countTerm();
  if (stop !== null) return stop;
  const name = mechanism.target === null ? domain : yield* nameOf(check, mechanism.target, domain);
  if (name instanceof Error) return { result: "permerror", reason: `${domain}: ${name.message}` };
  if (mechanism.kind === "include") {
    return yield* included(check, name, `${domain}: ${directive.text}`, depth);
  }
  // RFC 7208, 4.8: a name that cannot be in the DNS is one that does not exist.
  if (name === "") return false;
  const match = yield* asks(mechanism, name, visit);
  return visit.overspent ?? match;
}

/** RFC 7208, 5.2 */
function* included(check: Check, name: string, what: string, depth: number): Steps<Match> {
  const inner = yield* follow(check, name, what, depth);
  switch (inner.result) {
    case "pass":
      return { result: "pass", mechanism: inner.mechanism.slice(1), open: inner.open };
    case "temperror":
    case "permerror":
      return { result: inner.result, reason: inner.reason };
    case "none":
      return { result: "permerror", reason: `${what}: ${inner.reason}` };
    default:
      return false;
  }
}

/** RFC 7208, 6.1 */
function* redirected(check: Check, spec: DomainSpec, domain: string, depth: number): Steps<Decided> {
  const stop = check.visit.countTerm();
  if (stop !== null) return outcome(stop.result, stop.reason);
  const name = yield* nameOf(check, spec, domain);
  if (name instanceof Error) return outcome("permerror", `${domain}: ${name.message}`);
  const what = `${domain}: redirect=${shorten(spec.text)}`;
  const inner = yield* follow(check, name, what, depth);
  return inner.result === "none" ? outcome("permerror", `${what}: ${inner.reason}`) : inner;
}

function* follow(check: Check, name: string, what: string, depth: number): Steps<Decided> {
  const { nesting } = check.visit.limits;
  if (depth >= nesting) return outcome("permerror", `more than ${nesting} records one within the other`);
  return name === "" ? outcome("permerror", `${what} is no name`) : yield* checkHost(check, name, depth + 1);
}

/** The name that a term means; "" when no such name can be in the DNS. */
function* nameOf(check: Check, spec: DomainSpec, domain: string): Steps<string | Error> {
  if (spec.letters === "") return targetName(spec, () => "");
  return targetName(spec, yield* meaningsFor(check, spec.letters, domain));
}

/** Values for the letters that are needed: "p" costs queries. */
function* meaningsFor({ letters, visit }: Check, needed: string, domain: string): Steps<Meaning> {
  const name = needed.includes("p") ? yield* nameFor(domain, visit) : "unknown";
  return (letter) => {
    if (letter === "d") return domain;
    if (letter === "p") return name;
    return letters[letter as keyof Letters] ?? "";
  };
}
