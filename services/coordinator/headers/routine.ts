// What a header routine gets to see and what it answers. Routines are pure: the same outcome has the same headers.

import type { Field } from "../../../shared/config/schema.ts";
import { custom, integer, optional } from "../../../shared/config/schema.ts";
import { isFieldName } from "../../../shared/message/field-name.ts";
import type { Envelope, Headers } from "../../../shared/task.ts";
import type { AddedHeader, AuthenticationResult, RemovedHeader, SymbolResult } from "../../../shared/verdict.ts";

/** A message and what was decided about it. */
export interface Outcome {
  readonly envelope: Envelope;
  readonly headers: Headers;
  readonly action: string;
  readonly score: number;
  readonly required: number;
  readonly symbols: readonly SymbolResult[];
  /** Check or rule whose result decided, and its text. */
  readonly decidedBy?: string;
  readonly message?: string;
  /** Whether the client's address is one of our own networks. */
  readonly local: boolean;
  /** Name of this machine. */
  readonly hostname: string;
  /** What authentication found, in the order in which it is to be shown. */
  readonly authentication: readonly AuthenticationResult[];
  readonly fuzzyHashes?: readonly string[];
  readonly statSignature?: string;
  readonly osFingerprint?: string;
}

export interface HeaderChanges {
  readonly addHeaders: readonly AddedHeader[];
  readonly removeHeaders: readonly RemovedHeader[];
}

export const noChange: HeaderChanges = { addHeaders: [], removeHeaders: [] };

/** The name of a header; "" where it may be left out. */
export function headerName(fallback: string, about: string): Field<string> {
  return custom(fallback, about, (value) => {
    if (typeof value === "string" && (isFieldName(value) || value === fallback)) return value;
    return new Error("must be the name of a header");
  });
}

/** Keys that every routine has which adds a header. */
export function headerKeys(name: string): { readonly header: Field<string>; readonly remove: Field<number | null> } {
  return {
    header: headerName(name, "Name of the header."),
    remove: { ...optional(removeField), fallback: 0 },
  };
}

const removeField = integer(
  0,
  "Which ones that are there already to remove: 0 all, 1 the first, -1 the last; null none.",
);

/** Takes away what stands there under the name, then adds. */
export function replacing(
  options: { readonly header: string; readonly remove: number | null },
  addHeaders: readonly AddedHeader[],
): HeaderChanges {
  const removeHeaders = options.remove === null ? [] : [{ name: options.header, index: options.remove }];
  return { addHeaders, removeHeaders };
}
