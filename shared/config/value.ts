// One declared value from what the files say: checks its kind, unit and limits. Sections and tables are in validate.ts.

import { nearest } from "./nearest.ts";
import { readWord, type Scalar } from "./scalar.ts";
import type { Field } from "./schema.ts";
import type { Leaf } from "./tree.ts";

/** What is wrong with a value. */
export class Refusal {
  readonly message: string;
  readonly nearest: string | undefined;

  constructor(message: string, nearest?: string) {
    this.message = message;
    this.nearest = nearest;
  }
}

/** The value of a flag, number, duration (ms), size in bytes, or text. */
export function readLeaf(leaf: Leaf, field: Field<unknown>): unknown {
  if (leaf.value === null) {
    return field.nullable === true ? null : new Refusal("cannot be null; leave the key out to have its default");
  }
  switch (field.kind) {
    case "flag":
      return readFlag(leaf);
    case "text":
      return readText(leaf, field);
    default:
      return readNumber(leaf, field);
  }
}

function readFlag(leaf: Leaf): boolean | Refusal {
  const value = typeof leaf.value === "string" ? scalarOf(leaf)?.value : leaf.value;
  return typeof value === "boolean" ? value : new Refusal(`must be yes or no, not ${shown(leaf)}`);
}

function readText(leaf: Leaf, field: Field<unknown>): string | Refusal {
  const { oneOf } = field;
  if (oneOf === undefined || oneOf.includes(leaf.text)) return leaf.text;
  return new Refusal(`must be one of ${oneOf.join(", ")}, not ${shown(leaf)}`, nearest(leaf.text, oneOf));
}

function readNumber(leaf: Leaf, field: Field<unknown>): number | Refusal {
  const scalar = typeof leaf.value === "string" ? scalarOf(leaf) : leaf;
  const value = scalar?.value;
  if (scalar === undefined || typeof value !== "number")
    return new Refusal(`must be ${wanted(field)}, not ${shown(leaf)}`);
  if (field.kind === "duration" && scalar.unit === "size") {
    // UCL's m is a million; who writes 5m for a time means minutes.
    const hint = /^-?[\d.]+m$/i.test(leaf.text) ? `; write ${leaf.text.slice(0, -1)}min for minutes` : "";
    return new Refusal(`must be ${wanted(field)}, but ${shown(leaf)} is the number ${value}${hint}`);
  }
  if (field.kind !== "duration" && scalar.unit === "time") {
    return new Refusal(`must be ${wanted(field)}, not the time ${shown(leaf)}`);
  }
  const number = field.kind === "duration" ? Math.round(value * 1e6) / 1e3 : value;
  if ((field.integer === true || field.kind === "bytes") && !Number.isInteger(number)) {
    return new Refusal(`must be a whole number, not ${shown(leaf)}`);
  }
  if (field.min !== undefined && number < field.min) {
    return new Refusal(`must be at least ${showNumber(field, field.min)}, not ${shown(leaf)}`);
  }
  if (field.max !== undefined && number > field.max) {
    return new Refusal(`must be at most ${showNumber(field, field.max)}, not ${shown(leaf)}`);
  }
  return number;
}

/** A quoted "5s" or "yes" counts like a bare one. */
function scalarOf(leaf: Leaf): Scalar | undefined {
  const scalar = readWord(leaf.text.trim());
  return scalar instanceof Error ? undefined : scalar;
}

function wanted(field: Field<unknown>): string {
  if (field.kind === "duration") return "a time such as 5s or 10min";
  if (field.kind === "bytes") return "a size such as 10mb";
  return field.integer === true ? "a whole number" : "a number";
}

/** A value as an operator would write it: ms as "5s", bytes as "10mb". */
export function showNumber(field: Field<unknown>, number: number): string {
  const units: readonly [string, number][] =
    field.kind === "duration"
      ? [
          ["d", 86_400_000],
          ["h", 3_600_000],
          ["min", 60_000],
          ["s", 1000],
          ["ms", 1],
        ]
      : field.kind === "bytes"
        ? [
            ["gb", 1024 ** 3],
            ["mb", 1024 ** 2],
            ["kb", 1024],
          ]
        : [];
  if (number !== 0) {
    for (const [unit, size] of units) if (Number.isInteger(number / size)) return `${number / size}${unit}`;
  }
  return field.kind === "duration" && number !== 0 ? `${number}ms` : String(number);
}

export function shown(leaf: Leaf): string {
  const text = leaf.text.length > 60 ? `${leaf.text.slice(0, 60)}...` : leaf.text;
  return typeof leaf.value === "string" ? JSON.stringify(text) : text;
}
