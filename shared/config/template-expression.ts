// Expressions inside templates: env.NAME, 'text', numbers, filters; in conditions also ==, !=, not, and, or.

import type { Variables } from "./variables.ts";

interface Filter {
  readonly name: string;
  readonly argument: Output | undefined;
}

export interface Output {
  readonly value: { readonly text: string } | { readonly variable: string };
  readonly filters: readonly Filter[];
}

export type Condition =
  | { readonly is: "true"; readonly value: Output }
  | { readonly is: "equal" | "different"; readonly left: Output; readonly right: Output }
  | { readonly is: "not"; readonly condition: Condition }
  | { readonly is: "and" | "or"; readonly left: Condition; readonly right: Condition };

/** Words of one expression; a longer one is no configuration but a program. */
const longest = 200;

interface Tokens {
  readonly words: readonly string[];
  at: number;
}

function tokenize(text: string): Tokens {
  const words: string[] = [];
  const shape = /\s*(?:('[^']*'|"[^"]*"|[A-Za-z_][\w.]*|\d+(?:\.\d+)?|==|!=|~=|[|()])|(\S))/y;
  while (text.slice(shape.lastIndex).trim() !== "") {
    const match = shape.exec(text);
    if (match?.[1] === undefined) throw new Error(`${JSON.stringify(match?.[2] ?? text)} is not understood`);
    words.push(match[1]);
    if (words.length > longest) throw new Error(`more than ${longest} words`);
  }
  return { words, at: 0 };
}

function take(tokens: Tokens, ...expected: string[]): boolean {
  const word = tokens.words[tokens.at];
  if (word === undefined || !expected.includes(word)) return false;
  tokens.at++;
  return true;
}

function finish(tokens: Tokens): void {
  const word = tokens.words[tokens.at];
  if (word !== undefined) throw new Error(`"${word}" was not expected`);
}

export function parseOutput(text: string): Output {
  const tokens = tokenize(text);
  const output = readOutput(tokens);
  finish(tokens);
  return output;
}

export function parseCondition(text: string): Condition {
  const tokens = tokenize(text);
  const condition = readOr(tokens);
  finish(tokens);
  return condition;
}

function readOr(tokens: Tokens): Condition {
  let left = readAnd(tokens);
  while (take(tokens, "or")) left = { is: "or", left, right: readAnd(tokens) };
  return left;
}

function readAnd(tokens: Tokens): Condition {
  let left = readNot(tokens);
  while (take(tokens, "and")) left = { is: "and", left, right: readNot(tokens) };
  return left;
}

function readNot(tokens: Tokens): Condition {
  if (take(tokens, "not")) return { is: "not", condition: readNot(tokens) };
  if (take(tokens, "(")) {
    const condition = readOr(tokens);
    if (!take(tokens, ")")) throw new Error("a ) is missing");
    return condition;
  }
  const left = readOutput(tokens);
  if (take(tokens, "==")) return { is: "equal", left, right: readOutput(tokens) };
  if (take(tokens, "!=", "~=")) return { is: "different", left, right: readOutput(tokens) };
  return { is: "true", value: left };
}

function readOutput(tokens: Tokens): Output {
  const value = readValue(tokens);
  const filters: Filter[] = [];
  while (take(tokens, "|")) {
    const name = tokens.words[tokens.at++] ?? "";
    if (!["default", "d", "lower", "upper", "trim"].includes(name)) throw new Error(`unknown filter "${name}"`);
    let argument: Output | undefined;
    if (take(tokens, "(")) {
      argument = readOutput(tokens);
      if (!take(tokens, ")")) throw new Error("a ) is missing");
    } else if (/^['"\d]/.test(tokens.words[tokens.at] ?? "")) {
      // Rspamd's own files have `default "text"` without parentheses.
      argument = { value: readValue(tokens), filters: [] };
    }
    if ((name === "default" || name === "d") && argument === undefined) throw new Error("default needs a value");
    filters.push({ name, argument });
  }
  return { value, filters };
}

function readValue(tokens: Tokens): Output["value"] {
  const word = tokens.words[tokens.at++];
  if (word === undefined) throw new Error("a value is missing");
  if (word.startsWith("'") || word.startsWith('"')) return { text: word.slice(1, -1) };
  if (/^\d/.test(word)) return { text: word };
  const [, variable] = /^env\.([A-Za-z_]\w*)$/.exec(word) ?? [];
  if (variable === undefined) throw new Error(`"${word}" is not understood: write env.NAME or 'text'`);
  return { variable };
}

/** The text of an expression. Throws for a variable that is not set and has no default. */
export function evaluate(output: Output, variables: Variables): string {
  const text = textOf(output, variables);
  const name = "variable" in output.value ? output.value.variable : "";
  if (text === undefined) {
    throw new Error(`neither SLUICE_${name} nor RSPAMD_${name} is set; write env.${name} | default('...')`);
  }
  if (text.includes("\n")) throw new Error("the value has more than one line");
  return text;
}

function textOf(output: Output, variables: Variables): string | undefined {
  let text = "text" in output.value ? output.value.text : variables.get(output.value.variable);
  for (const { name, argument } of output.filters) {
    if (name === "lower") text = text?.toLowerCase();
    else if (name === "upper") text = text?.toUpperCase();
    else if (name === "trim") text = text?.trim();
    else if (argument !== undefined) text ??= textOf(argument, variables);
  }
  return text;
}

export function holds(condition: Condition, variables: Variables): boolean {
  switch (condition.is) {
    case "true":
      return (textOf(condition.value, variables) ?? "") !== "";
    case "equal":
    case "different": {
      const same = textOf(condition.left, variables) === textOf(condition.right, variables);
      return same === (condition.is === "equal");
    }
    case "not":
      return !holds(condition.condition, variables);
    case "and":
      return holds(condition.left, variables) && holds(condition.right, variables);
    case "or":
      return holds(condition.left, variables) || holds(condition.right, variables);
  }
}
