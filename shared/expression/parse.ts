// Text to expression. One grammar for everybody: operators, precedence and parentheses are the same wherever an operator
// writes an expression; atoms are read by a syntax that the caller brings along.

import { Fault } from "../fault.ts";
import type { Expression, Operator } from "./expression.ts";

/** How atoms look. `read` is called where an operand begins, never at a blank, "(" or "!". */
export interface AtomSyntax<Atom> {
  read(text: string, at: number): AtomRead<Atom> | Misread;
}

export interface AtomRead<Atom> {
  readonly atom: Atom;
  /** Offset behind the atom. */
  readonly end: number;
}

export interface Misread {
  readonly problem: string;
  /** Offset of what is wrong. */
  readonly at: number;
}

/** Characters, parentheses and negations within one another, atoms and numbers. */
export const limits = { length: 16_384, depth: 64, operands: 1_024 } as const;

/** Binds tighter the larger it is. Negation is tighter than all of these. */
const precedences: Readonly<Record<Operator, number>> = {
  or: 2,
  and: 3,
  ">": 4,
  ">=": 4,
  "<": 4,
  "<=": 4,
  "==": 4,
  "!=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
};
const negation = 7;

/** Longer spellings stand before their own beginnings. */
const symbols: readonly (readonly [string, Operator])[] = [
  ["&&", "and"],
  ["&", "and"],
  ["||", "or"],
  ["|", "or"],
  [">=", ">="],
  [">", ">"],
  ["<=", "<="],
  ["<", "<"],
  ["==", "=="],
  ["!=", "!="],
  ["+", "+"],
  ["-", "-"],
  ["*", "*"],
  ["/", "/"],
];

const blank = /[ \t\r\n]*/y;
const word = /(and|or)(?![A-Za-z0-9_])/iy;
const not = /!(?!=)|not(?![A-Za-z0-9_])/iy;
const number = /\d+(?:\.\d+)?(?![A-Za-z0-9_.])/y;

interface Reader<Atom> {
  readonly text: string;
  readonly syntax: AtomSyntax<Atom>;
  at: number;
  operands: number;
}

/** Reads an expression, or says with a `bad-config` fault at which column (from 1) it stops making sense. */
export function parse<Atom>(text: string, syntax: AtomSyntax<Atom>): Expression<Atom> | Fault {
  if (text.length > limits.length) {
    return new Fault(
      "bad-config",
      `an expression has at most ${limits.length} characters, this one has ${text.length}`,
    );
  }
  const reader: Reader<Atom> = { text, syntax, at: 0, operands: 0 };
  try {
    skip(reader, blank);
    if (reader.at === text.length) throw wrong(reader.at, "the expression is empty");
    const expression = readBinary(reader, 0, 0);
    if (reader.at < text.length) throw wrong(reader.at, `expected an operator, found ${shown(reader)}`);
    return expression;
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
    throw thrown;
  }
}

function readBinary<Atom>(reader: Reader<Atom>, lowest: number, depth: number): Expression<Atom> {
  let left = readOperand(reader, depth);
  for (;;) {
    const start = reader.at;
    const operator = readOperator(reader);
    if (operator === null) return left;
    if (precedences[operator] < lowest) {
      reader.at = start;
      return left;
    }
    const right = readBinary(reader, precedences[operator] + 1, depth);
    left = { kind: "binary", operator, left, right };
  }
}

function readOperand<Atom>(reader: Reader<Atom>, depth: number): Expression<Atom> {
  skip(reader, blank);
  const start = reader.at;
  if (depth > limits.depth) throw wrong(start, `more than ${limits.depth} parentheses or negations within one another`);
  if (skip(reader, not)) {
    return { kind: "not", operand: readBinary(reader, negation, depth + 1) };
  }
  if (reader.text.startsWith("(", start)) {
    reader.at += 1;
    const inner = readBinary(reader, 0, depth + 1);
    if (reader.at === reader.text.length) throw wrong(start, "this ( is never closed");
    if (!reader.text.startsWith(")", reader.at)) {
      throw wrong(reader.at, `expected an operator or ), found ${shown(reader)}`);
    }
    reader.at += 1;
    skip(reader, blank);
    return inner;
  }
  const operand = readLeaf(reader);
  skip(reader, blank);
  return operand;
}

function readLeaf<Atom>(reader: Reader<Atom>): Expression<Atom> {
  const start = reader.at;
  reader.operands += 1;
  if (reader.operands > limits.operands) throw wrong(start, `more than ${limits.operands} atoms and numbers`);
  if (start === reader.text.length) throw wrong(start, "expected an atom, but the expression ends");
  if (skip(reader, number)) return { kind: "number", value: Number(reader.text.slice(start, reader.at)) };
  const read = reader.syntax.read(reader.text, start);
  if ("problem" in read) throw wrong(read.at, read.problem);
  // A syntax that reads nothing would be asked for ever.
  if (read.end <= start) throw wrong(start, `expected an atom, found ${shown(reader)}`);
  reader.at = read.end;
  return { kind: "atom", atom: read.atom };
}

function readOperator<Atom>(reader: Reader<Atom>): Operator | null {
  const start = reader.at;
  if (skip(reader, word)) return reader.at - start === 2 ? "or" : "and";
  for (const [spelling, operator] of symbols) {
    if (reader.text.startsWith(spelling, start)) {
      reader.at += spelling.length;
      return operator;
    }
  }
  return null;
}

/** Moves behind what `pattern` (sticky) matches. */
function skip<Atom>(reader: Reader<Atom>, pattern: RegExp): boolean {
  pattern.lastIndex = reader.at;
  if (!pattern.test(reader.text)) return false;
  reader.at = pattern.lastIndex;
  return true;
}

function shown<Atom>(reader: Reader<Atom>): string {
  return reader.at < reader.text.length ? JSON.stringify(reader.text.slice(reader.at, reader.at + 16)) : "the end";
}

function wrong(at: number, problem: string): Fault {
  return new Fault("bad-config", `column ${at + 1}: ${problem}`);
}
