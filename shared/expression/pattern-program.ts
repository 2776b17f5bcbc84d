// Trees of patterns to programs, and programs at work. All ways to match are followed at once, one character at a time
// (Thompson's construction), so the time is bounded by length of text times length of program, whatever the text is.

import type { Ranges } from "../pattern/ranges.ts";
import { type Assertion, type Node, PatternError } from "../pattern/tree.ts";

type Instruction =
  | { readonly kind: "set"; readonly ranges: Ranges }
  | { readonly kind: "assert"; readonly assertion: Assertion }
  | { readonly kind: "split"; readonly first: number; second: number }
  | { readonly kind: "jump"; to: number }
  | { readonly kind: "match" };

export interface Program {
  readonly instructions: readonly Instruction[];
  /** It can only match at the start of the text. */
  readonly anchored: boolean;
}

/** Instructions of a program; and steps of writing it, for repetitions of what writes nothing. */
const largest = 2_000;
const steps = 20_000;

/** Throws a PatternError when the program would become too large, or has to go back. */
export function makeProgram(tree: Node): Program {
  const out: Instruction[] = [];
  write(tree, out, { left: steps });
  out.push({ kind: "match" });
  const [first] = out;
  return { instructions: out, anchored: first?.kind === "assert" && first.assertion === "start" };
}

function write(node: Node, out: Instruction[], budget: { left: number }): void {
  budget.left -= 1;
  if (out.length > largest || budget.left < 0) throw new PatternError("the pattern is too large when written out");
  switch (node.kind) {
    case "set":
    case "assert":
      out.push(node);
      return;
    case "all":
      for (const part of node.nodes) write(part, out, budget);
      return;
    case "any":
      writeAny(node.nodes, out, budget);
      return;
    case "repeat":
      for (let count = 0; count < node.min; count++) write(node.node, out, budget);
      if (node.max === Infinity) writeLoop(node.node, out, budget);
      else for (let count = node.min; count < node.max; count++) writeOptional(node.node, out, budget);
      return;
    case "group":
      write(node.node, out, budget);
      return;
    case "back":
    case "look":
    case "atomic":
      throw new PatternError("the pattern cannot be matched in linear time");
  }
}

function writeAny(nodes: readonly Node[], out: Instruction[], budget: { left: number }): void {
  const jumps: { to: number }[] = [];
  for (const node of nodes.slice(0, -1)) {
    const split = { kind: "split" as const, first: out.length + 1, second: 0 };
    out.push(split);
    write(node, out, budget);
    const jump = { kind: "jump" as const, to: 0 };
    out.push(jump);
    jumps.push(jump);
    split.second = out.length;
  }
  const last = nodes.at(-1);
  if (last) write(last, out, budget);
  for (const jump of jumps) jump.to = out.length;
}

function writeLoop(node: Node, out: Instruction[], budget: { left: number }): void {
  const start = out.length;
  const split = { kind: "split" as const, first: start + 1, second: 0 };
  out.push(split);
  write(node, out, budget);
  out.push({ kind: "jump", to: start });
  split.second = out.length;
}

function writeOptional(node: Node, out: Instruction[], budget: { left: number }): void {
  const split = { kind: "split" as const, first: out.length + 1, second: 0 };
  out.push(split);
  write(node, out, budget);
  split.second = out.length;
}

/** Instructions that wait for the next character, each at most once. */
interface Threads {
  readonly list: number[];
  /** Position at which an instruction was last entered. */
  readonly seen: Int32Array;
}

/** Whether the program matches somewhere in `text`. */
export function runs(program: Program, text: string): boolean {
  const { instructions, anchored } = program;
  let now: Threads = { list: [], seen: new Int32Array(instructions.length).fill(-1) };
  let next: Threads = { list: [], seen: new Int32Array(instructions.length).fill(-1) };
  const stack: number[] = [];
  for (let at = 0; ; ) {
    if (at === 0 || !anchored) {
      if (enter(program, now, stack, 0, text, at)) return true;
    }
    if (at >= text.length || (anchored && now.list.length === 0)) return false;
    const code = text.codePointAt(at) ?? 0;
    const behind = at + (code > 0xffff ? 2 : 1);
    for (const pc of now.list) {
      const instruction = instructions[pc];
      if (instruction?.kind !== "set") continue;
      if (within(instruction.ranges, code) && enter(program, next, stack, pc + 1, text, behind)) return true;
    }
    now.list.length = 0;
    [now, next] = [next, now];
    at = behind;
  }
}

/** Follows everything that needs no character from `start` on. True when that is a match. */
function enter(program: Program, threads: Threads, stack: number[], start: number, text: string, at: number): boolean {
  stack.length = 0;
  stack.push(start);
  for (let pc = stack.pop(); pc !== undefined; pc = stack.pop()) {
    if (threads.seen[pc] === at) continue;
    threads.seen[pc] = at;
    const instruction = program.instructions[pc];
    switch (instruction?.kind) {
      case "match":
        return true;
      case "set":
        threads.list.push(pc);
        break;
      case "jump":
        stack.push(instruction.to);
        break;
      case "split":
        stack.push(instruction.second, instruction.first);
        break;
      case "assert":
        if (holds(instruction.assertion, text, at)) stack.push(pc + 1);
    }
  }
  return false;
}

function holds(assertion: Assertion, text: string, at: number): boolean {
  switch (assertion) {
    case "start":
      return at === 0;
    case "end":
      return at === text.length;
    case "line-start":
      return at === 0 || text.charCodeAt(at - 1) === 0x0a;
    case "line-end":
      return at === text.length || text.charCodeAt(at) === 0x0a;
    case "word":
      return isWord(text, at - 1) !== isWord(text, at);
    case "no-word":
      return isWord(text, at - 1) === isWord(text, at);
  }
}

function isWord(text: string, at: number): boolean {
  return at >= 0 && at < text.length && /[0-9A-Za-z_]/.test(text.charAt(at));
}

function within(ranges: Ranges, code: number): boolean {
  for (const [from, to] of ranges) if (code >= from && code <= to) return true;
  return false;
}
