import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../fault.ts";
import { atoms } from "./expression.ts";
import { parse } from "./parse.ts";
import type { SymbolAtom } from "./symbol-atom.ts";
import { optionsMeet, symbolSyntax } from "./symbol-atom.ts";

function atomsOf(text: string): readonly SymbolAtom[] {
  const expression = parse(text, symbolSyntax);
  if (expression instanceof Fault) throw expression;
  return atoms(expression);
}

/** Atoms as they would be written again. */
function written(text: string): readonly string[] {
  return atomsOf(text).map((atom) => {
    if (atom.kind === "group") return `${atom.prefix}g${{ "-1": "-", 0: "", 1: "+" }[atom.sign]}:${atom.name}`;
    const options = atom.options.map((option) => (typeof option === "string" ? option : option.source));
    return `${atom.prefix}${atom.name}${options.length > 0 ? `[${options.join(",")}]` : ""}`;
  });
}

const readable: readonly (readonly [string, readonly string[]])[] = [
  ["SYMBOL", ["SYMBOL"]],
  ["FAKE_RECEIVED_mail_ru", ["FAKE_RECEIVED_mail_ru"]],
  ["NOT_SPAM & ORDERED | ANDROID", ["NOT_SPAM", "ORDERED", "ANDROID"]],
  ["not NOT_SPAM", ["NOT_SPAM"]],
  ["~A & -B & ^C & D", ["~A", "-B", "^C", "D"]],
  ["(~g-:policies) & (-g+:fuzzy | -g+:bayes)", ["~g-:policies", "-g+:fuzzy", "-g+:bayes"]],
  ["!g:mua&g+:fuzzy", ["g:mua", "g+:fuzzy"]],
  ["g:some-group & X-Y", ["g:some-group", "X-Y"]],
  ["~^A & -^B & ~-C & --D", ["^A", "^B", "-C", "-D"]],
  ["A - B", ["A", "B"]],
  ["A+B+C>2", ["A", "B", "C"]],
  ["SYM[opt]", ["SYM[opt]"]],
  ["SYM[ opt one , opt2 ] & B", ["SYM[opt one,opt2]", "B"]],
  ["SYM[/re/i,opt2]", ["SYM[/re/i,opt2]"]],
  ["SYM[/a\\/b],c/, d]", ["SYM[/a\\/b],c/,d]"]],
  ["-SYM[opt]", ["-SYM[opt]"]],
];

for (const [text, expected] of readable) {
  test(`reads ${text}`, () => {
    assert.deepEqual(written(text), expected);
  });
}

const unreadable: readonly (readonly [string, RegExp])[] = [
  ["A & ~", /^column 6: expected the name of a symbol, found the end$/],
  ["A & -", /^column 6: expected the name of a symbol, found the end$/],
  ["g:", /^column 3: expected the name of a group/],
  ["A & %B", /^column 5: expected the name of a symbol, found "%B"$/],
  ["A[", /^column 3: an option is empty$/],
  ["A[]", /^column 3: an option is empty$/],
  ["A[x", /^column 2: this \[ is never closed$/],
  ["A[/x", /^column 3: this pattern has no closing \/$/],
  ["A[/x/ y]", /^column 7: expected , or \] behind an option/],
  ["A[/x/g]", /^column 3: a pattern has no flag "g"/],
  ["A[/(a)\\1/]", /^column 3: character 4 of the pattern: back-references/],
  ["g:x[opt]", /^column 4: a group has no options$/],
];

for (const [text, message] of unreadable) {
  test(`refuses ${text}`, () => {
    const fault = parse(text, symbolSyntax);
    assert.ok(fault instanceof Fault);
    assert.match(fault.message, message);
  });
}

test("each option that is asked for must be met", () => {
  const [atom] = atomsOf("SYM[/^evil\\./i, exact]");
  assert.ok(atom?.kind === "symbol");
  assert.equal(optionsMeet(atom.options, ["exact", "EVIL.example.org"]), true);
  assert.equal(optionsMeet(atom.options, ["Exact", "evil.example.org"]), false);
  assert.equal(optionsMeet(atom.options, ["exact"]), false);
  assert.equal(optionsMeet([], []), true);
});
