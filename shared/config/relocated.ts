// Values that stand elsewhere in Rspamd's configuration than here. They keep their origins, so that errors and dumps name
// the operator's file and line.

import type { Sections } from "../check.ts";
import { emptyObject, mergeObjects, type Node, type ObjectNode } from "./tree.ts";

/** Keys of a section that several services have each for themselves. What a service's own section says counts more. */
const shared: readonly (readonly [section: string, key: string, places: readonly string[]])[] = [
  ["options", "max_message", ["http.max_message", "milter.max_message"]],
];

/** The tree with such values where the services declare them. */
export function relocate(sections: Sections, root: ObjectNode): ObjectNode {
  const relocated: ObjectNode = { ...root, keys: new Map(root.keys) };
  for (const [section, key, places] of shared) {
    const declared = places.filter((target) => (target.split(".")[0] ?? "") in sections);
    if (declared.length > 0) placeShared(relocated, section, key, declared);
  }
  // Scores without a group. The last group that names a symbol has the say on its score.
  const symbols = root.keys.get("symbols");
  if (symbols !== undefined && "group" in sections && !("symbols" in sections)) {
    relocated.keys.delete("symbols");
    place(relocated, "group.ungrouped.symbols", symbols);
  }
  return relocated;
}

/** Moves a key into the sections that use it, where they do not have it from the same layer or a higher one. */
function placeShared(root: ObjectNode, section: string, key: string, places: readonly string[]): void {
  const holders = objectsAt(root, [section]);
  const chain = mergeObjects(holders).get(key);
  const [first] = chain ?? [];
  if (chain === undefined || first === undefined) return;
  root.keys.set(
    section,
    holders.map((holder) => without(holder, key)),
  );
  for (const target of places) {
    const path = target.split(".");
    const name = path.pop() ?? "";
    const [own] = mergeObjects(objectsAt(root, path)).get(name) ?? [];
    if (own === undefined || own.origin.priority < first.origin.priority) place(root, target, chain);
  }
}

function objectsAt(root: ObjectNode, path: readonly string[]): ObjectNode[] {
  let objects = [root];
  for (const key of path) {
    objects = objects.flatMap((object) => (object.keys.get(key) ?? []).filter((node) => node.kind === "object"));
  }
  return objects;
}

export function without(object: ObjectNode, key: string): ObjectNode {
  return { ...object, keys: new Map([...object.keys].filter(([name]) => name !== key)) };
}

/** Adds a value at a path. Where there is one, the higher layer counts, and two of one layer are told as such. */
export function place(root: ObjectNode, target: string, chain: readonly Node[]): void {
  const [first] = chain;
  const [top = "", ...inner] = target.split(".");
  if (first === undefined) return;
  let nodes = [...chain];
  for (const key of inner.reverse()) {
    const object = emptyObject(first.origin);
    object.keys.set(key, nodes);
    nodes = [object];
  }
  root.keys.set(top, [...(root.keys.get(top) ?? []), ...nodes]);
}
