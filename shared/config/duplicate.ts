// What happens when a key is given again: by priority first, then by the strategy of the file that gives it.

import { Fault } from "../fault.ts";
import { place } from "./problem.ts";
import { emptyObject, type Leaf, type ListNode, type Node, type ObjectNode, type Origin } from "./tree.ts";

/** `append` makes arrays of equal priorities, `merge` merges objects and lists, `rewrite` replaces, `error` refuses. */
export type Strategy = "append" | "merge" | "rewrite" | "error";
export const strategies: readonly Strategy[] = ["append", "merge", "rewrite", "error"];

/** Values that `.inherit` copied: the first value given after them replaces them. */
const inherited = new WeakSet<Node>();

export function markInherited(node: Node): void {
  inherited.add(node);
}

/** Adds a leaf. In a file that merges, a leaf replaces an object or list of no higher priority. */
export function addLeaf(object: ObjectNode, key: string, leaf: Leaf, strategy: Strategy): void {
  const [first] = object.keys.get(key) ?? [];
  if (strategy === "merge" && first !== undefined && first.kind !== "leaf") {
    if (first.origin.priority <= leaf.origin.priority) object.keys.set(key, [leaf]);
    return;
  }
  append(object, key, leaf, strategy);
}

/** The object to fill for `key {`, which is an existing one where the file merges. `name` is that of `key name {`. */
export function openObject(
  object: ObjectNode,
  key: string,
  name: string | undefined,
  origin: Origin,
  strategy: Strategy,
): ObjectNode {
  const chain = object.keys.get(key);
  if (strategy === "merge" && chain !== undefined) {
    const named = chain.find((node) => node.kind === "object" && name !== undefined && node.keys.has(name));
    const found = named ?? chain[0];
    if (found?.kind === "object") return found;
    if (found?.kind === "list") {
      throw new Fault(
        "bad-config",
        `${place(origin)}: ${key} is a list in ${place(found.origin)}, here it is a section`,
      );
    }
  }
  const opened = emptyObject(origin);
  append(object, key, opened, strategy);
  return opened;
}

/** Adds a list; to an existing one where the file merges. */
export function addList(object: ObjectNode, key: string, list: ListNode, strategy: Strategy): void {
  const [first] = object.keys.get(key) ?? [];
  if (strategy === "merge" && first !== undefined) {
    if (first.kind === "list") {
      for (const item of list.items) first.items.push(item);
      return;
    }
    if (first.kind === "object") {
      throw new Fault(
        "bad-config",
        `${place(list.origin)}: ${key} is a section in ${place(first.origin)}, here a list`,
      );
    }
  }
  append(object, key, list, strategy);
}

function append(object: ObjectNode, key: string, node: Node, strategy: Strategy): void {
  const chain = object.keys.get(key);
  const [first] = chain ?? [];
  if (chain === undefined || first === undefined || strategy === "rewrite" || inherited.has(first)) {
    object.keys.set(key, [node]);
    return;
  }
  if (strategy === "error") {
    throw new Fault("bad-config", `${place(node.origin)}: ${key} is given in ${place(first.origin)} already`);
  }
  const difference = node.origin.priority - first.origin.priority;
  if (difference < 0) return;
  if (difference > 0) object.keys.set(key, [node]);
  else if (first.kind === "list" && chain.length === 1) {
    for (const item of node.kind === "list" ? node.items : [node]) first.items.push(item);
  } else chain.push(node);
}
