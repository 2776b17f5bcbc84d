// The words with which a service declares its configuration: each key with its default, unit, limits and meaning.
// An empty configuration is valid: every key has a default.

import type { Origin } from "./tree.ts";
import type { Ucl } from "./ucl.ts";

/** Declaration of one value. `Value` is what the code gets to see. */
export interface Field<Value> {
  readonly kind: "flag" | "number" | "duration" | "bytes" | "text" | "list" | "table" | "section" | "custom";
  readonly about: string;
  readonly fallback: Value;
  /** Names under which Rspamd knows the same key. */
  readonly aliases?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly integer?: boolean;
  readonly oneOf?: readonly string[];
  /** `null` is a value: it means unset. */
  readonly nullable?: true;
  /** Of a list or table: its elements. */
  readonly item?: Field<unknown>;
  /** Of a section: its keys. */
  readonly keys?: Keys;
  /** Of a section: any further key is one of these. */
  readonly rest?: Field<unknown>;
  /** Of a custom field: the value, or an Error whose message says what is wrong. */
  readonly parse?: (value: Ucl, notes: Notes) => Value | Error;
  /** Of a custom field: the value as an operator would write it. Without it, dumps show what the files say. */
  print?(value: Value): Ucl;
}

/** A way into a custom value: keys, and indexes where there are several. */
export type Path = readonly (string | number)[];

/** For the `parse` of a custom field: says where in the files a part of its value stands, and what is wrong with it. */
export interface Notes {
  /** File, line and priority of the part; of the nearest part above it where there is none. */
  at(path: Path): Origin;
  /** An error refuses the configuration, a warning does not. */
  error(path: Path, message: string, nearest?: string): void;
  warn(path: Path, message: string, nearest?: string): void;
  /** An error that refuses only this part: the field leaves it out, and everything else holds. */
  refuse(path: Path, message: string): void;
  /** Something of Rspamd's that has no effect here; its name follows that of the field. */
  unsupported(path: Path): void;
}

export type Keys = Readonly<Record<string, Field<unknown>>>;
export type FieldValue<F> = F extends Field<infer Value> ? Value : never;
export type SectionValue<S> = FieldValue<S>;
export type Section = Field<unknown>;
type KeyValues<K extends Keys> = { readonly [Name in keyof K]: FieldValue<K[Name]> };

interface Limits {
  readonly min?: number;
  readonly max?: number;
  readonly aliases?: readonly string[];
}

interface Names {
  readonly aliases?: readonly string[];
}

/** yes or no. */
export function flag(fallback: boolean, about: string, names: Names = {}): Field<boolean> {
  return { kind: "flag", fallback, about, ...names };
}

export function number(fallback: number, about: string, limits: Limits = {}): Field<number> {
  return { kind: "number", fallback, about, ...limits };
}

export function integer(fallback: number, about: string, limits: Limits = {}): Field<number> {
  return { kind: "number", integer: true, fallback, about, ...limits };
}

/** `fallback`, `min`, `max` and the value in ms; written as "5s", "300ms", or a number of seconds. */
export function duration(fallback: number, about: string, limits: Limits = {}): Field<number> {
  return { kind: "duration", fallback, about, ...limits };
}

/** Written as "10mb", "64kb", or a number. */
export function bytes(fallback: number, about: string, limits: Limits = {}): Field<number> {
  return { kind: "bytes", fallback, about, ...limits };
}

export function text(fallback: string, about: string, names: Names = {}): Field<string> {
  return { kind: "text", fallback, about, ...names };
}

export function choice<const Words extends string>(
  words: readonly Words[],
  fallback: Words,
  about: string,
  names: Names = {},
): Field<Words> {
  return { kind: "text", oneOf: words, fallback, about, ...names };
}

/** A list; a single value is a list of one. */
export function list<Item>(
  item: Field<Item>,
  fallback: readonly Item[],
  about: string,
  names: Names = {},
): Field<readonly Item[]> {
  return { kind: "list", item, fallback, about, ...names };
}

/** The same field, unset by default; `null` in a file unsets it. */
export function optional<Value>(field: Field<Value>): Field<Value | null> {
  return { ...field, fallback: null, nullable: true } as Field<Value | null>;
}

/** An object whose keys the operator chooses. */
export function table<Item>(
  item: Field<Item>,
  fallback: Readonly<Record<string, Item>>,
  about: string,
): Field<Readonly<Record<string, Item>>> {
  return { kind: "table", item, fallback, about };
}

/**
 * A value with a shape of its own. `parse` answers with an Error to refuse it; `print` writes it as `parse` reads it, for
 * values whose shape is not what operators write.
 */
export function custom<Value>(
  fallback: Value,
  about: string,
  parse: (value: Ucl, notes: Notes) => Value | Error,
  print?: (value: Value) => Ucl,
): Field<Value> {
  return { kind: "custom", fallback, about, parse, ...(print === undefined ? {} : { print }) };
}

export function section<const K extends Keys>(about: string, keys: K): Field<KeyValues<K>> {
  const fallback = Object.fromEntries(Object.entries(keys).map(([name, field]) => [name, field.fallback]));
  return { kind: "section", about, keys, fallback: fallback as KeyValues<K> };
}

/** A section with known keys and, beside them, keys that the operator chooses. */
export function openSection<const K extends Keys, Rest>(
  about: string,
  keys: K,
  rest: Field<Rest>,
): Field<KeyValues<K> & Readonly<Record<string, Rest | KeyValues<K>[keyof K]>>> {
  const known = section(about, keys);
  type Value = KeyValues<K> & Readonly<Record<string, Rest | KeyValues<K>[keyof K]>>;
  return { ...known, rest, fallback: known.fallback as Value } as Field<Value>;
}
