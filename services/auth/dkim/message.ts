// A message as signatures see it: its header fields and its body in canonical form. What several signatures share is
// computed once, for DKIM and ARC together.

import type { Header, Structure } from "../../../shared/task.ts";
import { type BodyHash, hashBody } from "./body-hash.ts";
import { type Form, headerForm } from "./header-form.ts";

/** The facts that signatures are about. */
export interface SignedFacts {
  readonly raw: Uint8Array;
  readonly headers: { readonly fields: readonly Header[] };
  /** Without `flaws` the fields are all there are: who signs has put them together himself. */
  readonly structure: Pick<Structure, "headerSize"> & Partial<Pick<Structure, "flaws">>;
}

export interface SignedMessage {
  readonly fields: readonly Header[];
  /** False when there are more fields than the analysis keeps: then nobody knows what was added to those signed. */
  readonly whole: boolean;
  /** Says that this hash will be asked for: all that are known when the first is asked for cost one pass over the body. */
  announce(form: Form, length: number): void;
  /** @param length bytes of the canonical body (l=); Infinity for all */
  bodyHash(form: Form, length: number): BodyHash;
  /** A field in canonical form, with its line end. */
  fieldForm(field: Header, form: Form): string;
  /**
   * The fields that a list of names (lower case) selects, in canonical form, each with its line end: of several with one
   * name the last first, and nothing for a name that is not there or no more (RFC 6376, 5.4.2). `own` is the field of
   * the signature itself: it never is among them.
   */
  selection(names: readonly string[], form: Form, own: Header | null): string;
}

/** By the bytes of the message, which all checks of a question share. */
const opened = new WeakMap<Uint8Array, SignedMessage>();

export function openMessage(facts: SignedFacts): SignedMessage {
  const known = opened.get(facts.raw);
  if (known !== undefined && known.fields === facts.headers.fields) return known;
  const message = new Opened(facts);
  opened.set(facts.raw, message);
  return message;
}

class Opened implements SignedMessage {
  readonly fields: readonly Header[];
  readonly whole: boolean;
  readonly #body: Uint8Array;
  /** By length. Most messages need only one of each. */
  readonly #hashes: Partial<Record<Form, Map<number, BodyHash>>> = {};
  readonly #announced: Partial<Record<Form, number[]>> = {};
  readonly #forms: Partial<Record<Form, Map<Header, string>>> = {};
  /** The place of the last field of each key, and for each field that of the one before it with its key, or -1. */
  #places: { readonly last: ReadonlyMap<string, number>; readonly before: readonly number[] } | undefined;

  constructor({ raw, headers, structure }: SignedFacts) {
    this.fields = headers.fields;
    this.whole = structure.flaws?.some(({ kind }) => kind === "limit-headers") !== true;
    this.#body = raw.subarray(structure.headerSize);
  }

  announce(form: Form, length: number): void {
    this.#announced[form] ??= [];
    this.#announced[form].push(length);
  }

  bodyHash(form: Form, length: number): BodyHash {
    this.#hashes[form] ??= new Map();
    const hashes = this.#hashes[form];
    const known = hashes.get(length);
    if (known !== undefined) return known;
    const lengths = [...(this.#announced[form] ?? []), length];
    this.#announced[form] = [];
    for (const hash of hashBody(this.#body, form, lengths)) hashes.set(hash.length, hash);
    return this.bodyHash(form, length);
  }

  fieldForm(field: Header, form: Form): string {
    this.#forms[form] ??= new Map();
    const forms = this.#forms[form];
    let text = forms.get(field);
    if (text === undefined) {
      text = `${headerForm(field, form)}\r\n`;
      forms.set(field, text);
    }
    return text;
  }

  selection(names: readonly string[], form: Form, own: Header | null): string {
    this.#places ??= placesOf(this.fields);
    const { last, before } = this.#places;
    const left = new Map<string, number>();
    let text = "";
    for (const name of names) {
      let at = left.get(name) ?? last.get(name) ?? -1;
      if (at !== -1 && this.fields[at] === own) at = before[at] ?? -1;
      const field = this.fields[at];
      if (field === undefined) continue;
      left.set(name, before[at] ?? -1);
      text += this.fieldForm(field, form);
    }
    return text;
  }
}

function placesOf(fields: readonly Header[]) {
  const last = new Map<string, number>();
  const before: number[] = [];
  for (let at = 0; at < fields.length; at++) {
    const key = fields[at]?.key ?? "";
    before.push(last.get(key) ?? -1);
    last.set(key, at);
  }
  return { last, before };
}
