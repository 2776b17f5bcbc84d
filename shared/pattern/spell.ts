// Trees in the spelling of JavaScript, without the flags i, s and u, which the linear engine does not know. A pattern
// sees a text as JavaScript stores it: a character above U+FFFF is two, which only a dot that counts can tell.

import type { Range, Ranges } from "./ranges.ts";
import type { Assertion, Node } from "./tree.ts";

/** Groups that a back-reference names, by index; all others capture nothing. */
type Referred = ReadonlySet<number>;

const assertions: Readonly<Record<Assertion, string>> = {
  start: "^",
  end: "$",
  // The linear engine knows look-behind, but no look-ahead: multi-line ends need the flag m, see `spell`.
  "line-start": "(?<![^\\n])",
  "line-end": "(?![^\\n])",
  word: "\\b",
  "no-word": "\\B",
};

const ofLines: Readonly<Record<Assertion, string>> = {
  ...assertions,
  start: "(?<![^])",
  end: "(?![^])",
  "line-start": "^",
  "line-end": "$",
};

export interface Spelling {
  readonly source: string;
  /** "m" or "". */
  readonly flags: string;
}

export function spell(node: Node): Spelling {
  const referred = new Set<number>();
  const ends = new Set<Assertion>();
  visit(node, (inner) => {
    if (inner.kind === "back") referred.add(inner.index);
    if (inner.kind === "assert") ends.add(inner.assertion);
  });
  const multiline = ends.has("line-start") || ends.has("line-end");
  const speller: Speller = { order: [], referred, assertions: multiline ? ofLines : assertions, set: writeSet };
  // Numbers of groups are known only when the whole is spelled: an atomic group takes one as well.
  number(node, speller);
  return { source: write(node, speller), flags: multiline ? "m" : "" };
}

/** For the flag u, which takes a character above U+FFFF as one, and no other. Of patterns without back-references. */
export function spellCharacters(node: Node): string {
  return write(node, { order: [], referred: new Set(), assertions, set: writeCharacters });
}

export function visit(node: Node, look: (node: Node) => void): void {
  look(node);
  if ("nodes" in node) for (const inner of node.nodes) visit(inner, look);
  if ("node" in node) visit(node.node, look);
}

interface Speller {
  /** What captures, in the order of the opening parentheses. */
  readonly order: Node[];
  readonly referred: Referred;
  readonly assertions: Readonly<Record<Assertion, string>>;
  set(ranges: Ranges): string;
}

function number(node: Node, speller: Speller): void {
  visit(node, (inner) => {
    if (inner.kind === "atomic" || (inner.kind === "group" && speller.referred.has(inner.index)))
      speller.order.push(inner);
  });
}

function write(node: Node, speller: Speller): string {
  switch (node.kind) {
    case "set":
      return speller.set(node.ranges);
    case "assert":
      return speller.assertions[node.assertion];
    case "all":
      return node.nodes.map((inner) => write(inner, speller)).join("");
    case "any":
      return `(?:${node.nodes.map((inner) => write(inner, speller)).join("|")})`;
    case "repeat":
      return `${grouped(node.node, speller)}${times(node.min, node.max)}${node.lazy ? "?" : ""}`;
    case "group":
      return speller.referred.has(node.index) ? `(${write(node.node, speller)})` : `(?:${write(node.node, speller)})`;
    case "back": {
      const place = speller.order.findIndex((inner) => inner.kind === "group" && inner.index === node.index);
      return `(?:\\${place + 1})`;
    }
    case "look":
      return `(?${node.ahead ? "" : "<"}${node.negated ? "!" : "="}${write(node.node, speller)})`;
    case "atomic":
      // What a look-ahead has found it does not look for again.
      return `(?=(${write(node.node, speller)}))(?:\\${speller.order.indexOf(node) + 1})`;
  }
}

function grouped(node: Node, speller: Speller): string {
  const inner = write(node, speller);
  return node.kind === "set" && !inner.startsWith("(") ? inner : `(?:${inner})`;
}

function times(min: number, max: number): string {
  if (min === 0 && max === Infinity) return "*";
  if (min === 1 && max === Infinity) return "+";
  if (min === 0 && max === 1) return "?";
  if (min === max) return `{${min}}`;
  return `{${min},${max === Infinity ? "" : max}}`;
}

function writeSet(ranges: Ranges): string {
  const [first] = ranges;
  if (ranges.length === 1 && first && first[0] === first[1] && first[0] <= 0xffff) return unit(first[0]);
  const low = ranges.filter(([from]) => from <= 0xffff).map(([from, to]) => span(from, Math.min(to, 0xffff)));
  const basic = `[${low.join("")}]`;
  // A set that has all the halves has the characters that they make.
  const hasHalves = ranges.some(([from, to]) => from <= 0xd800 && to >= 0xdfff);
  const high = ranges.filter(([, to]) => to > 0xffff);
  if (hasHalves || high.length === 0) return basic;
  const pairs = high.flatMap(([from, to]) => pairsOf([Math.max(from, 0x10000), to]));
  return `(?:${[...(low.length > 0 ? [basic] : []), ...pairs].join("|")})`;
}

function writeCharacters(ranges: Ranges): string {
  const character = (code: number) => `\\u{${code.toString(16)}}`;
  return `[${ranges.map(([from, to]) => `${character(from)}-${character(to)}`).join("")}]`;
}

/** Characters above U+FFFF as their two halves (Unicode 3.9, D91). */
function pairsOf([from, to]: Range): string[] {
  const [fromHigh, fromLow] = halves(from);
  const [toHigh, toLow] = halves(to);
  if (fromHigh === toHigh) return [`${unit(fromHigh)}[${span(fromLow, toLow)}]`];
  const out = [`${unit(fromHigh)}[${span(fromLow, 0xdfff)}]`, `${unit(toHigh)}[${span(0xdc00, toLow)}]`];
  if (toHigh - fromHigh > 1) out.push(`[${span(fromHigh + 1, toHigh - 1)}][\\udc00-\\udfff]`);
  return out;
}

function halves(code: number): readonly [number, number] {
  const rest = code - 0x10000;
  return [0xd800 + (rest >> 10), 0xdc00 + (rest & 0x3ff)];
}

function span(from: number, to: number): string {
  return from === to ? unit(from) : `${unit(from)}-${unit(to)}`;
}

function unit(code: number): string {
  const char = String.fromCharCode(code);
  return /[0-9A-Za-z _@]/.test(char) ? char : `\\u${code.toString(16).padStart(4, "0")}`;
}
