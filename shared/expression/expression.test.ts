import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../fault.ts";
import type { Expression } from "./expression.ts";
import { affirmedAtoms, atoms, evaluate } from "./expression.ts";
import type { AtomSyntax } from "./parse.ts";
import { parse } from "./parse.ts";

const letters: AtomSyntax<string> = {
  read: (text, at) =>
    /[A-Z]/.test(text.charAt(at)) ? { atom: text.charAt(at), end: at + 1 } : { problem: "no letter", at },
};

function parsed(text: string): Expression<string> {
  const expression = parse(text, letters);
  if (expression instanceof Fault) throw expression;
  return expression;
}

/** Value of an expression where the letters in `present` are 1 and all others 0. */
function value(text: string, present: string): number {
  return evaluate(parsed(text), (atom) => (present.includes(atom) ? 1 : 0));
}

const values: readonly (readonly [string, string, number])[] = [
  ["A & B", "AB", 1],
  ["A & B", "A", 0],
  ["A | B", "B", 1],
  ["!A", "", 1],
  ["!A", "A", 0],
  ["A | B & C", "A", 1],
  ["(A | B) & C", "A", 0],
  ["A + B + C > 2", "ABC", 1],
  ["A + B + C > 2", "AB", 0],
  ["A + B + C >= 2", "AC", 1],
  ["A + B + C == 2", "AC", 1],
  ["A + B + C != 2", "AC", 0],
  ["A + B + C < 2", "A", 1],
  ["A + B + C <= 1", "AB", 0],
  ["(A & B) + C", "ABC", 2],
  ["A - B", "B", -1],
  ["A * 3 - B * 2", "AB", 1],
  ["1 / A", "", 0],
  ["6 / (A + B)", "AB", 3],
];

for (const [text, present, expected] of values) {
  test(`${text} is ${expected} with ${present || "nothing"}`, () => {
    assert.equal(value(text, present), expected);
  });
}

test("only atoms that matter are asked", () => {
  const asked: string[] = [];
  const atomValue = (atom: string) => {
    asked.push(atom);
    return atom === "A" ? 1 : 0;
  };
  evaluate(parsed("A | B"), atomValue);
  evaluate(parsed("C & D"), atomValue);
  evaluate(parsed("!A & D | E"), atomValue);
  assert.deepEqual(asked, ["A", "C", "A", "E"]);
});

test("atom values that are no numbers count as absent", () => {
  assert.equal(
    evaluate(parsed("A | B"), () => Number.NaN),
    0,
  );
  assert.equal(
    evaluate(parsed("A > 3"), () => Infinity),
    0,
  );
});

test("atoms come in the order in which they stand", () => {
  assert.deepEqual(atoms(parsed("A & !(B | C) & A + 2 > D")), ["A", "B", "C", "A", "D"]);
});

test("what stands below a negation does not speak for an expression", () => {
  assert.deepEqual(affirmedAtoms(parsed("A & !(B | C) | D & !!E")), ["A", "D"]);
});
