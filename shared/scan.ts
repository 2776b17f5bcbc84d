// What gateways ask of coordinators, and the event that follows each verdict.

import type { Subject, Topic } from "./bus/bus.ts";
import type { Envelope } from "./task.ts";
import type { Verdict } from "./verdict.ts";

export interface ScanRequest {
  /** Name of the task in logs, traces and history. */
  readonly id: string;
  readonly envelope: Envelope;
  /** Address of whoever asks for the scan: the mail server, or a program in between. */
  readonly clientIp?: string;
  /** Ask every check, however clear the case is. */
  readonly passAll?: boolean;
  /** Keep the task out of history and log. */
  readonly noLog?: boolean;
  /** Answer with "no action" and look at nothing. */
  readonly skip?: boolean;
  /** Take the message as text, without headers and structure. */
  readonly plain?: boolean;
  /** Subject of a message that has none because it is plain. */
  readonly subject?: string;
  /** The `apply` block of a setting (UCL or JSON text), and the name of a configured one. */
  readonly settings?: string;
  readonly settingsId?: string;
  /** Request headers by lower-case name, for settings that match on them. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
  /** The message as the mail server has it. Travels like a fact. */
  readonly facts: { readonly raw: Uint8Array };
}

export const scanSubject: Subject<ScanRequest, Verdict> = { name: "scan" };

/** A symbol that a verdict can have, as it is configured. */
export interface KnownSymbol {
  readonly symbol: string;
  readonly score: number;
  readonly group: string;
  readonly about: string;
  readonly actor: string;
  /** The check that raises it; the coordinator raises some by itself. */
  readonly check?: string;
  /** What a composite is made of. */
  readonly expression?: string;
}

/** Asks a coordinator for all of them. */
export const symbolsSubject: Subject<null, readonly KnownSymbol[]> = { name: "symbols" };

/** Published after each verdict, which comes without URLs and addresses. Worker processes tell each other sums instead. */
export interface Scanned {
  readonly time: number;
  readonly request: Omit<ScanRequest, "facts">;
  readonly subject: string;
  readonly verdict: Verdict;
}

export const scannedTopic: Topic<Scanned> = { name: "scanned", reach: "network" };

/** Words of the request header `Flags` and of the `flags` of settings, as Rspamd's clients send them. */
export const scanFlags = [
  "pass_all",
  "no_log",
  "skip",
  "skip_process",
  "no_stat",
  "ssl",
  "profile",
  "milter",
  "zstd",
  "ext_urls",
  "body_block",
  "groups",
] as const;
