// The verdict: what a scan answers. Plain data.

import type { CheckDnsUse } from "./dns/dns.ts";
import type { FaultCode } from "./fault.ts";
import type { Url } from "./task.ts";

/** Actions that a mail server can be told. A configured custom action is accepted mail with another word. */
export const actions = [
  "reject",
  "soft reject",
  "quarantine",
  "discard",
  "rewrite subject",
  "add header",
  "greylist",
  "no action",
] as const;

/** Whether an action says: this is spam, in some degree (R 1.8). Greylisting only says: come again. */
export function isSpam(action: string): boolean {
  return action !== "no action" && action !== "greylist";
}

/** The same, without actions of the operator's own, which are taken for accepted mail. */
export const spamActions: readonly string[] = actions.filter(isSpam);

export interface SymbolResult {
  readonly name: string;
  /** What it added to the score of this message. */
  readonly score: number;
  /** What is configured for it. */
  readonly weight: number;
  readonly group: string;
  readonly about: string;
  readonly options: readonly string[];
}

/** A check that gave no answer, and why. Never a reason to let mail through unseen: the reader sees it here. */
export interface FailedCheck {
  readonly check: string;
  readonly actor: string;
  readonly code: FaultCode;
  readonly message: string;
}

/** ms that the checks of one question waited for their turn and that they worked, in the order of `checks`. */
export interface Timings {
  readonly actor: string;
  readonly checks: readonly string[];
  readonly waits: readonly number[];
  readonly works: readonly number[];
  /** Of the checks that asked the DNS. */
  readonly dns?: readonly CheckDnsUse[];
}

export interface AddedHeader {
  readonly name: string;
  readonly value: string;
  /** Where to put it: 0 and up from the top, -1 at the end. */
  readonly order: number;
}

export interface RemovedHeader {
  readonly name: string;
  /** Which of several: 1-based, 0 all, negative from the end. */
  readonly index: number;
}

/** One `resinfo` of RFC 8601, 2.2. */
export interface AuthenticationResult {
  readonly method: string;
  readonly result: string;
  readonly reason?: string;
  readonly comment?: string;
  /** "smtp.mailfrom" and the like with their values. */
  readonly properties: readonly (readonly [string, string])[];
}

/** Changes to the message or its envelope that the mail server is asked to make. */
export interface Changes {
  readonly addHeaders: readonly AddedHeader[];
  readonly removeHeaders: readonly RemovedHeader[];
  /** Values of new DKIM-Signature headers, the topmost first. They go above all other headers. */
  readonly dkimSignatures: readonly string[];
  readonly changeFrom?: string;
  readonly addRcpts?: readonly string[];
  readonly deleteRcpts?: readonly string[];
  /** Value of the header that marks spam; the gateway has a default. */
  readonly spamHeader?: string;
  /** New body of the message, CRLF line ends; only for actors that rewrite messages. */
  readonly body?: Uint8Array;
}

export interface Verdict {
  readonly id: string;
  readonly action: string;
  readonly score: number;
  /** Score from which a message is rejected, or the highest threshold there is. */
  readonly required: number;
  /** Action to threshold, for the actions that have one. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** In the order of their names. */
  readonly symbols: readonly SymbolResult[];
  readonly groups: Readonly<Record<string, number>>;
  /** Nothing was asked: settings or GTUBE said so. */
  readonly skipped: boolean;
  /** The check or rule whose result decided, when it was not the score. */
  readonly decidedBy?: string;
  /** Text for the sending server, when there is one. */
  readonly message?: string;
  /** Rewritten subject, decoded; only with the action "rewrite subject". */
  readonly subject?: string;
  readonly messageId: string;
  readonly urls: readonly Url[];
  readonly emails: readonly string[];
  readonly changes: Changes;
  readonly failed: readonly FailedCheck[];
  /** One for each question that was asked. */
  readonly timings: readonly Timings[];
  /** ms from the question to the verdict. */
  readonly elapsed: number;
  /** Bytes of the message. */
  readonly size: number;
}
