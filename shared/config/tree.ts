// A configuration as it was written: a tree in which every value knows its file, line and layer.

import type { Ucl, UclObject } from "./ucl.ts";

export interface Origin {
  readonly file: string;
  /** From 1; 0 where there is no file. */
  readonly line: number;
  /** Of the layer: 0 main file, 1 local.d, 5 written by programs, 10 override.d, 100 command line. */
  readonly priority: number;
}

export interface Leaf {
  readonly kind: "leaf";
  readonly value: string | number | boolean | null;
  /** As written, without quotes: for a text that looks like a number. */
  readonly text: string;
  /** What the number's suffix counts. */
  readonly unit?: "time" | "size";
  readonly origin: Origin;
}

export interface ListNode {
  readonly kind: "list";
  readonly items: Node[];
  readonly origin: Origin;
}

export interface ObjectNode {
  readonly kind: "object";
  /** A key that was given several times has several values, in the order of the files: UCL's implicit array. */
  readonly keys: Map<string, Node[]>;
  readonly origin: Origin;
}

export type Node = Leaf | ListNode | ObjectNode;

export function emptyObject(origin: Origin): ObjectNode {
  return { kind: "object", keys: new Map(), origin };
}

/** The values without their origins. A key with several values becomes an array, as UCL has it. */
export function plain(node: Node): Ucl {
  if (node.kind === "leaf") return node.value;
  if (node.kind === "list") return node.items.map(plain);
  return plainObject(node);
}

export function plainObject(node: ObjectNode): UclObject {
  const entries: [string, Ucl][] = [];
  for (const [key, chain] of node.keys) entries.push([key, plainChain(chain)]);
  // fromEntries defines own properties, so a key such as "__proto__" is a key like any other.
  return Object.fromEntries(entries);
}

export function plainChain(chain: readonly Node[]): Ucl {
  const [first] = chain;
  return chain.length === 1 && first !== undefined ? plain(first) : chain.map(plain);
}

export function copy(node: Node): Node {
  if (node.kind === "leaf") return node;
  if (node.kind === "list") return { ...node, items: node.items.map(copy) };
  const keys = new Map<string, Node[]>();
  for (const [key, chain] of node.keys) keys.set(key, chain.map(copy));
  return { ...node, keys };
}

/** One object from all objects under a key: `group "a" {}` and `group "b" {}` make one `group` with two keys. */
export function mergeObjects(objects: readonly ObjectNode[]): ReadonlyMap<string, readonly Node[]> {
  const [first, ...others] = objects;
  if (first === undefined) return new Map();
  if (others.length === 0) return first.keys;
  const merged = new Map<string, readonly Node[]>(first.keys);
  for (const object of others) {
    for (const [key, chain] of object.keys) merged.set(key, joinChains(merged.get(key), chain));
  }
  return merged;
}

function joinChains(old: readonly Node[] | undefined, more: readonly Node[]): readonly Node[] {
  if (old === undefined) return more;
  const both = [...old, ...more];
  if (both.every((node) => node.kind === "object")) return both;
  const highest = Math.max(...both.map((node) => node.origin.priority));
  return both.filter((node) => node.origin.priority === highest);
}
