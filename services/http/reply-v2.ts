// The reply to /checkv2 (R 1.3): compact JSON whose keys stand in the order in which Rspamd writes them.

import type { DnsEvent } from "../../shared/dns/dns.ts";
import { encodeText } from "../../shared/message/encode-word.ts";
import { foldSignature } from "../../shared/message/fold-signature.ts";
import type { Url } from "../../shared/task.ts";
import type { Changes, SymbolResult, Timings, Verdict } from "../../shared/verdict.ts";
import { numeral, quote, quoteAll, quoteDeclared } from "./json.ts";

/** What the client asked to see. */
export interface ReplyOptions {
  readonly groups: boolean;
  readonly profile: boolean;
  readonly extendedUrls: boolean;
}

export function replyV2(verdict: Verdict, options: ReplyOptions): string {
  let json = `{${decision(verdict)},"symbols":{`;
  let first = true;
  for (const symbol of verdict.symbols) {
    json += first ? symbolV2(symbol) : `,${symbolV2(symbol)}`;
    first = false;
  }
  json += "}";
  if (options.groups) json += `,"groups":${groups(verdict)}`;
  return `${json}${findings(verdict, options)}${milterBlock(verdict.changes, "milter")}${failures(verdict)}}`;
}

/** From `passthrough_module` to `thresholds`: what was decided and why. */
export function decision(verdict: Verdict): string {
  let json = verdict.decidedBy === undefined ? "" : `"passthrough_module":${quote(verdict.decidedBy)},`;
  json += `"is_skipped":${verdict.skipped},"score":${numeral(verdict.score)},"required_score":${numeral(verdict.required)}`;
  json += `,"action":${quote(verdict.action)}`;
  if (verdict.subject !== undefined) json += `,"subject":${quote(encodedSubject(verdict.subject))}`;
  if (verdict.action === "discard" || verdict.action === "quarantine") json += `,"reject":${quote(verdict.action)}`;
  let thresholds = "";
  for (const action in verdict.thresholds) {
    const value = verdict.thresholds[action];
    if (value === undefined || !Number.isFinite(value)) continue;
    thresholds += `${thresholds === "" ? "" : ","}${quote(action)}:${numeral(value)}`;
  }
  return `${json},"thresholds":{${thresholds}}`;
}

/** Encoded words where it is not ASCII (RFC 2047), in one line: who puts it into a message folds it. */
export function encodedSubject(subject: string): string {
  return encodeText(subject, "Subject: ".length, "");
}

function symbolV2(symbol: SymbolResult): string {
  const name = quoteDeclared(symbol.name);
  const json = `${name}:{"name":${name},"score":${numeral(symbol.score)},"metric_score":${numeral(symbol.weight)}`;
  return `${json}${symbolTail(symbol)}}`;
}

/** `description` and `options`, which are left out when they are empty. */
export function symbolTail(symbol: SymbolResult): string {
  const about = symbol.about === "" ? "" : `,"description":${quoteDeclared(symbol.about)}`;
  return symbol.options.length === 0 ? about : `${about},"options":${quoteAll(symbol.options)}`;
}

export function groups(verdict: Verdict): string {
  const entries = Object.entries(verdict.groups);
  return `{${entries.map(([group, score]) => `${quote(group)}:{"score":${numeral(score)}}`).join(",")}}`;
}

/** From `messages` to `dkim-signature`: what the message is and what was found in it. */
export function findings(verdict: Verdict, options: ReplyOptions): string {
  let json = `,"messages":{${verdict.message === undefined ? "" : `"smtp_message":${quote(verdict.message)}`}}`;
  if (verdict.urls.length > 0)
    json += `,"urls":${options.extendedUrls ? extendedUrls(verdict.urls) : hosts(verdict.urls)}`;
  if (verdict.emails.length > 0) json += `,"emails":${quoteAll(verdict.emails)}`;
  if (options.profile) json += profile(verdict);
  json += `,"message-id":${quote(verdict.messageId === "" ? "undef" : verdict.messageId)}`;
  json += `,"time_real":${numeral(verdict.elapsed / 1000)}`;
  const signatures = verdict.changes.dkimSignatures.map((value) => foldSignature(value, "\r\n"));
  const [only] = signatures;
  if (only !== undefined) json += `,"dkim-signature":${signatures.length === 1 ? quote(only) : quoteAll(signatures)}`;
  return json;
}

function hosts(urls: readonly Url[]): string {
  const unique = new Set<string>();
  for (const url of urls) unique.add(url.host);
  return quoteAll([...unique]);
}

function extendedUrls(urls: readonly Url[]): string {
  const each = urls.map(
    (url) =>
      `{"url":${quote(url.url)},"tld":${quote(url.domain)},"host":${quote(url.host)},"flags":${quoteAll(url.flags)}}`,
  );
  return `[${each.join(",")}]`;
}

/** µs that each check worked, as Rspamd has it; under keys of our own µs that it waited for its actor, and its queries. */
function profile({ timings }: Verdict): string {
  const microseconds = (ms: number) => numeral(Math.round(ms * 1000));
  const entries = (times: (timings: Timings) => readonly number[]) =>
    timings.flatMap((one) => one.checks.map((check, at) => `${quote(check)}:${microseconds(times(one)[at] ?? 0)}`));
  const worked = entries(({ works }) => works);
  const waited = entries(({ waits }) => waits);
  const asked = timings.flatMap(({ dns = [] }) => dns.map((use) => `${quote(use.check)}:[${use.events.map(query)}]`));
  const dns = asked.length === 0 ? "" : `,"profile_dns":{${asked.join(",")}}`;
  return `,"profile":{${worked.join(",")}},"profile_wait":{${waited.join(",")}}${dns}`;
}

function query({ name, type, status, waited }: DnsEvent): string {
  const wait = numeral(Math.round(waited * 1000));
  return `{"name":${quote(name)},"type":${quote(type)},"status":${quote(status)},"wait":${wait}}`;
}

/** The changes that the mail server is asked to make; left out when there are none. */
export function milterBlock(changes: Changes, key: "milter" | "rmilter"): string {
  const parts: string[] = [];
  if (changes.addHeaders.length > 0) parts.push(`"add_headers":${addedHeaders(changes)}`);
  if (changes.removeHeaders.length > 0) parts.push(`"remove_headers":${removedHeaders(changes)}`);
  if (changes.changeFrom !== undefined) parts.push(`"change_from":${quote(changes.changeFrom)}`);
  if (changes.addRcpts !== undefined) parts.push(`"add_rcpt":${quoteAll(changes.addRcpts)}`);
  if (changes.deleteRcpts !== undefined) parts.push(`"del_rcpt":${quoteAll(changes.deleteRcpts)}`);
  if (changes.spamHeader !== undefined) parts.push(`"spam_header":${quote(changes.spamHeader)}`);
  return parts.length === 0 ? "" : `,"${key}":{${parts.join(",")}}`;
}

function addedHeaders(changes: Changes): string {
  const byName = new Map<string, string[]>();
  for (const { name, value, order } of changes.addHeaders) {
    const one = `{"value":${quote(value)},"order":${numeral(order)}}`;
    const others = byName.get(name);
    if (others === undefined) byName.set(name, [one]);
    else others.push(one);
  }
  return oneOrMany(byName);
}

function removedHeaders(changes: Changes): string {
  const byName = new Map<string, string[]>();
  for (const { name, index } of changes.removeHeaders) {
    const others = byName.get(name);
    if (others === undefined) byName.set(name, [numeral(index)]);
    else others.push(numeral(index));
  }
  return oneOrMany(byName);
}

function oneOrMany(byName: ReadonlyMap<string, readonly string[]>): string {
  const entries = [...byName].map(
    ([name, values]) => `${quote(name)}:${values.length === 1 ? values[0] : `[${values.join(",")}]`}`,
  );
  return `{${entries.join(",")}}`;
}

/** Checks without an answer: our own key, which Rspamd's clients pass over. Causes stay in the log. */
function failures(verdict: Verdict): string {
  if (verdict.failed.length === 0) return "";
  const each = verdict.failed.map(
    ({ check, actor, code }) => `{"check":${quote(check)},"actor":${quote(actor)},"code":${quote(code)}}`,
  );
  return `,"failed_checks":[${each.join(",")}]`;
}
