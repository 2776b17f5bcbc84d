// Headers with one plain value: X-Rspamd-Server, X-Rspamd-Queue-Id, X-Rspamd-Action, X-Stat-Signature,
// X-OS-Fingerprint, X-Rspamd-Fuzzy, and the marker of spam.

import type { SectionValue } from "../../../shared/config/schema.ts";
import { section, text } from "../../../shared/config/schema.ts";
import { isSpam } from "../../../shared/verdict.ts";
import { field } from "./field.ts";
import type { HeaderChanges, Outcome } from "./routine.ts";
import { headerKeys, replacing } from "./routine.ts";

interface HeaderOptions {
  readonly header: string;
  readonly remove: number | null;
}

export const serverOptions = section("Name of the machine that looked at the message.", {
  ...headerKeys("X-Rspamd-Server"),
  hostname: text("", "Another name; by default that of the machine."),
});

export function server(options: SectionValue<typeof serverOptions>, outcome: Outcome): HeaderChanges {
  return plain(options, options.hostname === "" ? outcome.hostname : options.hostname);
}

export const queueIdOptions = section("Queue id of the mail server.", headerKeys("X-Rspamd-Queue-Id"));

export function queueId(options: HeaderOptions, outcome: Outcome): HeaderChanges {
  return plain(options, outcome.envelope.queueId);
}

export const actionOptions = section("The action.", headerKeys("X-Rspamd-Action"));

export function action(options: HeaderOptions, outcome: Outcome): HeaderChanges {
  return plain(options, outcome.action);
}

export const statSignatureOptions = section("Signature of the message for learning.", headerKeys("X-Stat-Signature"));

export function statSignature(options: HeaderOptions, outcome: Outcome): HeaderChanges {
  return plain(options, outcome.statSignature);
}

export const osFingerprintOptions = section("Operating system of the client.", headerKeys("X-OS-Fingerprint"));

export function osFingerprint(options: HeaderOptions, outcome: Outcome): HeaderChanges {
  return plain(options, outcome.osFingerprint);
}

export const fuzzyHashesOptions = section("A header for each fuzzy hash that matched.", headerKeys("X-Rspamd-Fuzzy"));

export function fuzzyHashes(options: HeaderOptions, outcome: Outcome): HeaderChanges {
  return replacing(
    options,
    (outcome.fuzzyHashes ?? []).map((hash) => field(options.header, hash)),
  );
}

export const spamHeaderOptions = section("A header that only spam has.", {
  ...headerKeys("Deliver-To"),
  value: text("Junk", "Its value."),
});

export function spamHeader(options: SectionValue<typeof spamHeaderOptions>, outcome: Outcome): HeaderChanges {
  return plain(options, isSpam(outcome.action) ? options.value : undefined);
}

/** Nothing to say adds no header, but a stranger's goes all the same. */
function plain(options: HeaderOptions, value: string | undefined): HeaderChanges {
  return replacing(options, value === undefined || value === "" ? [] : [field(options.header, value)]);
}
