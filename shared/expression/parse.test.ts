import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../fault.ts";
import type { Expression } from "./expression.ts";
import { evaluate } from "./expression.ts";
import type { AtomSyntax } from "./parse.ts";
import { limits, parse } from "./parse.ts";

/** Atoms that are single upper-case letters. */
const letters: AtomSyntax<string> = {
  read: (text, at) =>
    /[A-Z]/.test(text.charAt(at)) ? { atom: text.charAt(at), end: at + 1 } : { problem: "no letter", at },
};

function parsed(text: string): Expression<string> {
  const expression = parse(text, letters);
  if (expression instanceof Fault) throw expression;
  return expression;
}

/** With every parenthesis that the grammar implies. */
function written(expression: Expression<string>): string {
  switch (expression.kind) {
    case "atom":
      return expression.atom;
    case "number":
      return String(expression.value);
    case "not":
      return `!${written(expression.operand)}`;
    case "binary":
      return `(${written(expression.left)} ${expression.operator} ${written(expression.right)})`;
  }
}

const table: readonly (readonly [string, string])[] = [
  ["A", "A"],
  ["A & B | C", "((A and B) or C)"],
  ["A | B & C", "(A or (B and C))"],
  ["A or B and C", "(A or (B and C))"],
  ["A && B || C && D", "((A and B) or (C and D))"],
  ["not A and B", "(!A and B)"],
  ["!A & B", "(!A and B)"],
  ["!A > 0", "(!A > 0)"],
  ["!!A", "!!A"],
  ["! (A | B)", "!(A or B)"],
  ["NOT A AND B Or C", "((!A and B) or C)"],
  ["A + B + C > 2", "(((A + B) + C) > 2)"],
  ["A + B * C", "(A + (B * C))"],
  ["A * B + C", "((A * B) + C)"],
  ["A - B - C", "((A - B) - C)"],
  ["A / B * C", "((A / B) * C)"],
  ["A + B > C & D", "(((A + B) > C) and D)"],
  ["A & B == C", "(A and (B == C))"],
  ["A > B == C", "((A > B) == C)"],
  ["A != B | C <= D", "((A != B) or (C <= D))"],
  ["A>=2", "(A >= 2)"],
  ["A<2.5", "(A < 2.5)"],
  ["(A | B) & (C | D)", "((A or B) and (C or D))"],
  ["((A))", "A"],
  [" A\n\t&\r\nB ", "(A and B)"],
];

for (const [text, expected] of table) {
  test(`reads ${JSON.stringify(text)} as ${expected}`, () => {
    assert.equal(written(parsed(text)), expected);
  });
}

const faults: readonly (readonly [string, string])[] = [
  ["", "column 1: the expression is empty"],
  [" \n ", "column 4: the expression is empty"],
  ["A &", "column 4: expected an atom, but the expression ends"],
  ["A B", 'column 3: expected an operator, found "B"'],
  ["A & (B | C", "column 5: this ( is never closed"],
  ["A & (B C)", 'column 8: expected an operator or ), found "C)"'],
  ["A)", 'column 2: expected an operator, found ")"'],
  ["A & ?", "column 5: no letter"],
  ["& A", "column 1: no letter"],
  ["A ! B", 'column 3: expected an operator, found "! B"'],
  ["A android B", 'column 3: expected an operator, found "android B"'],
  ["A > 1x", "column 5: no letter"],
];

for (const [text, message] of faults) {
  test(`refuses ${JSON.stringify(text)}`, () => {
    const fault = parse(text, letters);
    assert.ok(fault instanceof Fault);
    assert.equal(fault.code, "bad-config");
    assert.equal(fault.message, message);
  });
}

function refused(text: string): string {
  const fault = parse(text, letters);
  assert.ok(fault instanceof Fault);
  return fault.message;
}

test("limits hold against hostile input", () => {
  assert.match(refused("(".repeat(100_000)), /at most 16384 characters, this one has 100000/);
  assert.match(refused("(".repeat(limits.length)), /column 66: more than 64 parentheses or negations/);
  assert.match(refused("!".repeat(limits.length)), /more than 64 parentheses or negations/);
  assert.match(refused("not ".repeat(4_000)), /more than 64 parentheses or negations/);
  assert.match(refused(`A${"+A".repeat(limits.operands)}`), /more than 1024 atoms and numbers/);
  assert.match(refused("&".repeat(limits.length)), /column 1: no letter/);
});

test("the largest expression is read and evaluated", () => {
  const sum = parsed(`A${"+A".repeat(limits.operands - 1)}`);
  assert.equal(
    evaluate(sum, () => 1),
    limits.operands,
  );
  const nested = parsed(`${"(".repeat(limits.depth)}A${")".repeat(limits.depth)}`);
  assert.equal(
    evaluate(nested, () => 1),
    1,
  );
});

test("a syntax that reads nothing is refused, not asked for ever", () => {
  const nothing: AtomSyntax<string> = { read: (_text, at) => ({ atom: "", end: at }) };
  const fault = parse("A", nothing);
  assert.ok(fault instanceof Fault);
  assert.match(fault.message, /expected an atom/);
});
