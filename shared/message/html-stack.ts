// The open elements of an HTML document, and what start and end tags do to them. Much simpler than the tree
// construction of WHATWG, 13.2.6, but it agrees with it on what encloses what in all but broken nesting.

import { impliedEnd, Kind, tableParts } from "./html-element.ts";
import type { Style } from "./html-style.ts";

interface Frame {
  readonly name: string;
  readonly kind: number;
  readonly style: Style;
}

export interface Stack {
  readonly frames: Frame[];
  /** Of what stands in no other element: the body. */
  base: Style;
  readonly maxDepth: number;
  /** Elements that are open beyond `maxDepth` and have no frame. */
  beyond: number;
  /** Whether `maxDepth` was ever reached. */
  overflowed: boolean;
  balanced: boolean;
}

export function openStack(base: Style, maxDepth: number): Stack {
  return { frames: [], base, maxDepth, beyond: 0, overflowed: false, balanced: true };
}

/** Style of the innermost open element. */
export function currentStyle(stack: Stack): Style {
  return stack.frames.at(-1)?.style ?? stack.base;
}

/** Ends what the start tag of `name` ends without saying so: a paragraph before a list, a cell before the next. */
export function endImplied(stack: Stack, name: string, kind: number): void {
  const { frames } = stack;
  if (frames.length === 0) return;
  const rule = impliedEnd(name);
  if (rule !== undefined) {
    for (let i = frames.length - 1; i >= 0; i--) {
      const open = frames[i]?.name ?? "";
      if (rule.ends.has(open)) {
        cut(stack, i);
        return;
      }
      if (rule.within.has(open)) break;
    }
  }
  if ((kind & Kind.endsParagraph) === 0) return;
  for (let i = frames.length - 1; i >= 0; i--) {
    const frame = frames[i];
    if (frame?.name === "p") {
      cut(stack, i);
      return;
    }
    if (frame === undefined || (frame.kind & (Kind.block | Kind.scope)) !== 0) return;
  }
}

export function push(stack: Stack, name: string, kind: number, style: Style): void {
  if (stack.frames.length >= stack.maxDepth) {
    stack.beyond++;
    stack.overflowed = true;
  } else stack.frames.push({ name, kind, style });
}

/** Handles an end tag: ends the innermost element of that name with all that is open in it. */
export function pop(stack: Stack, name: string, kind: number): void {
  const { frames } = stack;
  if (stack.beyond > 0) {
    stack.beyond--;
    return;
  }
  const inTable = tableParts.has(name);
  for (let i = frames.length - 1; i >= 0; i--) {
    const frame = frames[i];
    if (frame === undefined) break;
    if (frame.name === name) {
      cut(stack, i);
      return;
    }
    if (inTable ? frame.name === "table" : (frame.kind & Kind.scope) !== 0) break;
  }
  if ((kind & (Kind.optionalEnd | Kind.empty)) === 0) stack.balanced = false;
}

/** Notes the elements that the end of the document leaves open. */
export function closeStack(stack: Stack): void {
  if (stack.beyond > 0) stack.balanced = false;
  for (const frame of stack.frames) if ((frame.kind & Kind.optionalEnd) === 0) stack.balanced = false;
}

/** Takes the frames from `index` on; the one there is meant to end, those above it are not. */
function cut(stack: Stack, index: number): void {
  const { frames } = stack;
  while (frames.length > index + 1) {
    const frame = frames.pop();
    if (frame !== undefined && (frame.kind & Kind.optionalEnd) === 0) stack.balanced = false;
  }
  frames.pop();
}
