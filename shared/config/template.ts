// The templates that run on a configuration text before it is parsed, a small part of Jinja as Rspamd writes it:
//   {= env.NAME | default('x') =}   {% if env.A == 'b' and not env.C %} .. {% elif .. %} .. {% else %} .. {% endif %}
//   {# a comment #}
// What is left out leaves its line ends behind, so that lines keep their numbers.

import { Fault, toFault } from "../fault.ts";
import { type Condition, evaluate, holds, parseCondition, parseOutput } from "./template-expression.ts";
import type { Variables } from "./variables.ts";

const deepest = 32;

interface Branch {
  /** Whether the text around the `if` is wanted. */
  readonly outside: boolean;
  readonly line: number;
  /** A branch has been taken already. */
  taken: boolean;
  wanted: boolean;
  elseSeen: boolean;
}

/** Throws the fault `bad-config` for what is not understood. */
export function fillTemplate(file: string, text: string, variables: Variables): string {
  if (!/\{[%=#]/.test(text)) return text;
  const open: Branch[] = [];
  let filled = "";
  let at = 0;
  let line = 1;
  const marks = /\{([%=#])/g;
  for (;;) {
    marks.lastIndex = at;
    const mark = marks.exec(text);
    const start = mark?.index ?? text.length;
    const before = text.slice(at, start);
    filled += open.at(-1)?.wanted === false ? lineEnds(before) : before;
    line += countLines(before);
    if (mark === null) break;
    const kind = mark[1] ?? "";
    const end = text.indexOf(`${kind}}`, start + 2);
    if (end < 0) {
      // `section {# comment` is plain UCL.
      if (kind !== "#") throw new Fault("bad-config", `${file}:${line}: {${kind} has no closing ${kind}}`);
      filled += open.at(-1)?.wanted === false ? "" : "{#";
      at = start + 2;
      continue;
    }
    const whole = text.slice(start, end + 2);
    const inner = text
      .slice(start + 2, end)
      .replace(/^-|-$/g, "")
      .trim();
    try {
      if (kind === "%") runBlock(inner, open, variables, line);
      else if (kind === "=" && open.at(-1)?.wanted !== false) filled += evaluate(parseOutput(inner), variables);
    } catch (error) {
      throw new Fault("bad-config", `${file}:${line}: in ${whole.slice(0, 80)}: ${toFault(error).message}`);
    }
    filled += lineEnds(whole);
    line += countLines(whole);
    at = end + 2;
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) throw new Fault("bad-config", `${file}:${unclosed.line}: {% if %} has no {% endif %}`);
  return filled;
}

function runBlock(inner: string, open: Branch[], variables: Variables, line: number): void {
  const [, word = "", rest = ""] = /^(\w*)\s*([\s\S]*)$/.exec(inner) ?? [];
  const branch = open.at(-1);
  if (word === "if") {
    if (open.length >= deepest) throw new Error(`more than ${deepest} inside each other`);
    const outside = branch?.wanted !== false;
    const wanted = outside && holds(conditionOf(rest), variables);
    open.push({ outside, line, taken: wanted, wanted, elseSeen: false });
  } else if (word === "elif" || word === "elseif" || word === "else") {
    if (branch === undefined || branch.elseSeen) throw new Error(`${word} without if`);
    branch.elseSeen = word === "else";
    const chosen = word === "else" || holds(conditionOf(rest), variables);
    branch.wanted = branch.outside && !branch.taken && chosen;
    branch.taken ||= branch.wanted;
  } else if (word === "endif") {
    if (open.pop() === undefined) throw new Error("endif without if");
  } else {
    throw new Error(`only if, elif, else and endif are known, not "${word}"`);
  }
}

function conditionOf(text: string): Condition {
  if (text === "") throw new Error("a condition is missing");
  return parseCondition(text);
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function lineEnds(text: string): string {
  return "\n".repeat(countLines(text));
}
