// An expression over atoms: what composites, forced actions, multimap and rules are made of. What an atom is and what
// it is worth is the caller's matter; here is only how values combine.

export type Operator = "or" | "and" | ">" | ">=" | "<" | "<=" | "==" | "!=" | "+" | "-" | "*" | "/";

export type Expression<Atom> =
  | { readonly kind: "atom"; readonly atom: Atom }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "not"; readonly operand: Expression<Atom> }
  | {
      readonly kind: "binary";
      readonly operator: Operator;
      readonly left: Expression<Atom>;
      readonly right: Expression<Atom>;
    };

/**
 * Value of an expression; anything but 0 is true. Comparisons and logic give 1 or 0, so that `A + B + C > 2` counts.
 * `atomValue` is asked only as far as the result depends on it. A division by zero and a value that is no number are 0.
 */
export function evaluate<Atom>(expression: Expression<Atom>, atomValue: (atom: Atom) => number): number {
  switch (expression.kind) {
    case "atom":
      return finite(atomValue(expression.atom));
    case "number":
      return expression.value;
    case "not":
      return evaluate(expression.operand, atomValue) === 0 ? 1 : 0;
    case "binary": {
      const left = evaluate(expression.left, atomValue);
      if (expression.operator === "and" && left === 0) return 0;
      if (expression.operator === "or" && left !== 0) return 1;
      return combine(expression.operator, left, evaluate(expression.right, atomValue));
    }
  }
}

function combine(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case "and": // the left side holds, else this is not reached; and so for "or"
    case "or":
      return right === 0 ? 0 : 1;
    case ">":
      return left > right ? 1 : 0;
    case ">=":
      return left >= right ? 1 : 0;
    case "<":
      return left < right ? 1 : 0;
    case "<=":
      return left <= right ? 1 : 0;
    case "==":
      return left === right ? 1 : 0;
    case "!=":
      return left === right ? 0 : 1;
    case "+":
      return finite(left + right);
    case "-":
      return finite(left - right);
    case "*":
      return finite(left * right);
    case "/":
      return finite(left / right);
  }
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}

/** Every atom, in the order in which it was written. */
export function atoms<Atom>(expression: Expression<Atom>): readonly Atom[] {
  const found: Atom[] = [];
  collect(expression, true, found);
  return found;
}

/** The atoms that stand below no negation: the ones whose presence speaks for the expression. */
export function affirmedAtoms<Atom>(expression: Expression<Atom>): readonly Atom[] {
  const found: Atom[] = [];
  collect(expression, false, found);
  return found;
}

function collect<Atom>(expression: Expression<Atom>, negated: boolean, found: Atom[]): void {
  if (expression.kind === "atom") found.push(expression.atom);
  else if (expression.kind === "not" && negated) collect(expression.operand, negated, found);
  else if (expression.kind === "binary") {
    collect(expression.left, negated, found);
    collect(expression.right, negated, found);
  }
}
