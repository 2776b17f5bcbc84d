// What the filter's one function gets and answers: a mail, and what the mail server is told about it.

import type { Envelope } from "../../shared/task.ts";

/** One mail, from MAIL to the end of its body. */
export interface Transaction {
  /** Name of the task. */
  readonly id: string;
  readonly envelope: Envelope;
  /** The message as the server has it, with CRLF line ends. */
  readonly raw: Uint8Array;
  /** Names of its headers in lower case, from the top. */
  readonly headerNames: readonly string[];
}

/** A change that the server is asked to make. Every text but a body is safe to send: checked, folded with LF, without NUL. */
export type Change =
  /** At the end of the headers. */
  | { readonly kind: "add header"; readonly name: string; readonly value: string }
  /** Counted from the top with the server's own trace header, which the filter does not see, as 0. */
  | { readonly kind: "insert header"; readonly index: number; readonly name: string; readonly value: string }
  /** The so-many-th of its name, from 1. */
  | { readonly kind: "change header"; readonly index: number; readonly name: string; readonly value: string }
  | { readonly kind: "delete header"; readonly index: number; readonly name: string }
  /** Addresses without angle brackets; "" is the null sender. */
  | { readonly kind: "change from"; readonly address: string }
  | { readonly kind: "add rcpt"; readonly address: string }
  | { readonly kind: "delete rcpt"; readonly address: string }
  /** CRLF line ends. */
  | { readonly kind: "replace body"; readonly body: Uint8Array }
  | { readonly kind: "quarantine"; readonly reason: string };

export type Reply =
  | { readonly kind: "accept" }
  | { readonly kind: "discard" }
  /** `text` is the whole SMTP reply with its codes. */
  | { readonly kind: "refuse"; readonly text: string };

export interface Decision {
  readonly changes: readonly Change[];
  readonly reply: Reply;
  /** What was left out of the changes, and why, for the log. */
  readonly dropped?: readonly string[];
}

/** Never rejects: what goes wrong is a decision too. */
export type Decide = (transaction: Transaction) => Promise<Decision>;
