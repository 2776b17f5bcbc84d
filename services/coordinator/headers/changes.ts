// Which header routines run for a message, and what they change together.

import type { Ucl } from "../../../shared/config/ucl.ts";
import type { AddedHeader, RemovedHeader } from "../../../shared/verdict.ts";
import { authenticationResults } from "./authentication-results.ts";
import type { MilterHeaders, RoutineName } from "./config.ts";
import { routineNames } from "./config.ts";
import { addHeaders, removeHeader, removeHeaders, removeSpamFlag } from "./configured.ts";
import { action, fuzzyHashes, osFingerprint, queueId, server, spamHeader, statSignature } from "./plain.ts";
import { result } from "./result.ts";
import type { HeaderChanges, Outcome } from "./routine.ts";
import { bar, level, status } from "./scores.ts";
import { virus } from "./virus.ts";

type Run = (options: MilterHeaders["routines"], outcome: Outcome) => HeaderChanges;

const table: Readonly<Record<RoutineName, Run>> = {
  "x-spamd-result": (options, outcome) => result(options["x-spamd-result"], outcome),
  "x-rspamd-server": (options, outcome) => server(options["x-rspamd-server"], outcome),
  "x-rspamd-queue-id": (options, outcome) => queueId(options["x-rspamd-queue-id"], outcome),
  "x-rspamd-action": (options, outcome) => action(options["x-rspamd-action"], outcome),
  "x-spamd-bar": (options, outcome) => bar(options["x-spamd-bar"], outcome),
  "x-spam-level": (options, outcome) => level(options["x-spam-level"], outcome),
  "x-spam-status": (options, outcome) => status(options["x-spam-status"], outcome),
  "spam-header": (options, outcome) => spamHeader(options["spam-header"], outcome),
  "x-virus": (options, outcome) => virus(options["x-virus"], outcome),
  "x-os-fingerprint": (options, outcome) => osFingerprint(options["x-os-fingerprint"], outcome),
  "authentication-results": (options, outcome) => authenticationResults(options["authentication-results"], outcome),
  "stat-signature": (options, outcome) => statSignature(options["stat-signature"], outcome),
  "fuzzy-hashes": (options, outcome) => fuzzyHashes(options["fuzzy-hashes"], outcome),
  "add-headers": (options) => addHeaders(options["add-headers"]),
  "remove-header": (options) => removeHeader(options["remove-header"]),
  "remove-headers": (options) => removeHeaders(options["remove-headers"]),
  "remove-spam-flag": (options) => removeSpamFlag(options["remove-spam-flag"]),
};

const extended: readonly RoutineName[] = ["x-spamd-result", "x-rspamd-server", "x-rspamd-queue-id", "x-rspamd-action"];
/** They tell nobody anything, so they run for own mail, too. */
const removing: readonly RoutineName[] = ["remove-header", "remove-headers", "remove-spam-flag"];

export interface AllChanges extends HeaderChanges {
  /** Routines that the settings of the message name and nobody knows. */
  readonly unknown: readonly string[];
}

/**
 * Headers to remove and, after that, to add. `plugin` is what the settings of the message say under
 * `plugins.milter_headers`: its `routines` are used instead of the configured ones, for whomever the mail is.
 */
export function headerChanges(config: MilterHeaders, outcome: Outcome, plugin?: Ucl): AllChanges {
  const named = routinesOf(plugin);
  const names = named?.known ?? used(config).filter((name) => isWanted(config, name, outcome));
  const added: AddedHeader[] = [];
  const removed = new Map<string, RemovedHeader>();
  for (const name of names) {
    const changes = table[name](config.routines, outcome);
    added.push(...changes.addHeaders);
    for (const header of changes.removeHeaders) removed.set(`${header.name.toLowerCase()} ${header.index}`, header);
  }
  return { addHeaders: added, removeHeaders: [...removed.values()], unknown: named?.unknown ?? [] };
}

function used(config: MilterHeaders): readonly RoutineName[] {
  const all = [...config.use];
  if (config.extended_spam_headers) all.push(...extended);
  if (config.remove_upstream_spam_flag) all.push("remove-spam-flag");
  return [...new Set(all)];
}

function isWanted(config: MilterHeaders, name: RoutineName, outcome: Outcome): boolean {
  if (removing.includes(name)) return true;
  if (isForExtended(config.extended_headers_rcpt, outcome.envelope.rcpts)) return true;
  if (config.skip_all) return false;
  if (config.skip_local && outcome.local && !config.local_headers.includes(name)) return false;
  const isAuthenticated = (outcome.envelope.user ?? "") !== "";
  return !(config.skip_authenticated && isAuthenticated && !config.authenticated_headers.includes(name));
}

function isForExtended(wanted: readonly string[], rcpts: readonly string[]): boolean {
  if (wanted.length === 0 || rcpts.length === 0) return false;
  const known = new Set(wanted.map((entry) => entry.toLowerCase()));
  return rcpts.every((rcpt) => {
    const address = rcpt.toLowerCase();
    const at = address.lastIndexOf("@");
    if (known.has(address) || at === -1) return known.has(address);
    return known.has(address.slice(at)) || known.has(address.slice(0, at));
  });
}

function routinesOf(plugin: Ucl | undefined): { known: readonly RoutineName[]; unknown: readonly string[] } | null {
  if (plugin === undefined || plugin === null || typeof plugin !== "object" || !("routines" in plugin)) return null;
  const given: Ucl = plugin.routines ?? null;
  const names = (Array.isArray(given) ? given : [given]).map(String);
  const isKnown = (name: string): name is RoutineName => (routineNames as readonly string[]).includes(name);
  return { known: [...new Set(names.filter(isKnown))], unknown: names.filter((name) => !isKnown(name)) };
}
