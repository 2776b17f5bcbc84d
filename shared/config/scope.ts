// Keys that nobody declared: a wrapper that does not belong there, a key of another section, something of Rspamd's that
// is not supported, or a mistyped name.

import { nearest } from "./nearest.ts";
import type { Problem } from "./problem.ts";
import { rspamdKeys, rspamdSections } from "./rspamd-names.ts";
import type { Node, ObjectNode } from "./tree.ts";
import type { Checking } from "./validate.ts";

/** Sections whose keys are names that the operator gives, before the real keys come. */
const named: ReadonlySet<string> = new Set(["group", "worker", "classifier", "metric", "actions"]);

/** A top-level key that is no declared section. */
export function reportUnknownSection(checking: Checking, name: string, chain: readonly Node[]): void {
  const [first] = chain;
  if (first === undefined) return;
  const { file, line } = first.origin;
  if (rspamdSections.has(name) || checking.packaged(file)) {
    reportUnsupported(checking, name, chain);
    return;
  }
  const owners = ownersOf(checking, name);
  if (owners.length > 0) {
    const message = `${name} is no section; it is a key of ${owners.join(", ")}`;
    checking.problems.push({ severity: "error", file, line, message });
    return;
  }
  const names = [...Object.keys(checking.sections), ...rspamdSections];
  complain(checking, first, `there is no section ${name}`, nearest(name, names));
}

/** A key of a declared section that the section does not declare. */
export function reportUnknownKey(
  checking: Checking,
  path: readonly string[],
  name: string,
  chain: readonly Node[],
  known: ReadonlySet<string>,
): void {
  const [first] = chain;
  if (first === undefined) return;
  const { file } = first.origin;
  const [section = ""] = path;
  const here = path.join(".");
  const ofRspamd = rspamdKeys(section);
  if (checking.wrappers.has(first)) return;
  if (ofRspamd.has(name) || checking.packaged(file)) {
    reportUnsupported(checking, `${here}.${name}`, chain);
    return;
  }
  const probably = nearest(name, [...known, ...ofRspamd]);
  if (first.kind === "object" && (Object.hasOwn(checking.sections, name) || rspamdSections.has(name))) {
    complain(checking, first, `${name} is a section of its own and has no meaning inside ${here}`, undefined);
    return;
  }
  const owners = probably === undefined ? ownersOf(checking, name).filter((owner) => owner !== section) : [];
  if (owners.length > 0) complain(checking, first, `${here} has no key ${name}; it is a key of ${owners.join(", ")}`);
  else complain(checking, first, `${here} has no key ${name}`, probably);
}

/**
 * Something of Rspamd's without effect here: at each file of the operator that says something of it, for that is what gets
 * lost; where only a package speaks of it, there.
 */
export function reportUnsupported(checking: Checking, name: string, chain: readonly Node[]): void {
  const own = new Map<string, number>();
  for (const { file, line } of originsOf(chain)) {
    if (!checking.packaged(file)) own.set(file, Math.min(line, own.get(file) ?? line));
  }
  const [first] = chain;
  if (first !== undefined && own.size === 0) own.set(first.origin.file, first.origin.line);
  for (const [file, line] of own) checking.unsupported.push({ name, file, line });
}

function* originsOf(nodes: Iterable<Node>): Generator<Node["origin"]> {
  for (const node of nodes) {
    yield node.origin;
    if (node.kind === "list") yield* originsOf(node.items);
    if (node.kind === "object") for (const chain of node.keys.values()) yield* originsOf(chain);
  }
}

/** Sections that know a key, at most four. */
function ownersOf(checking: Checking, key: string): string[] {
  const owners = new Set<string>();
  for (const [name, field] of Object.entries(checking.sections))
    if (Object.hasOwn(field.keys ?? {}, key)) owners.add(name);
  for (const name of rspamdSections) if (rspamdKeys(name).has(key)) owners.add(name);
  return [...owners].slice(0, 4);
}

/**
 * Finds sections that hold themselves: files of local.d and override.d stand inside their section already, so that
 * `mime_types {}` in local.d/mime_types.conf makes mime_types.mime_types, which nothing reads.
 */
export function reportWrappers(checking: Checking, root: ObjectNode): void {
  for (const [name, chain] of root.keys) {
    for (const node of chain) {
      if (node.kind !== "object") continue;
      reportWrapper(checking, node, name);
      if (!named.has(name)) continue;
      for (const inner of node.keys.values()) {
        for (const child of inner) if (child.kind === "object") reportWrapper(checking, child, name);
      }
    }
  }
}

function reportWrapper(checking: Checking, outer: ObjectNode, name: string): void {
  for (const node of outer.keys.get(name) ?? []) {
    if (node.kind !== "object") continue;
    checking.wrappers.add(node);
    complain(
      checking,
      node,
      `${name} { } inside ${name}: what stands here is in the section already; take the braces away`,
    );
  }
}

function complain(checking: Checking, at: Node, message: string, probably?: string): void {
  const problem: Problem = { severity: "error", file: at.origin.file, line: at.origin.line, message };
  checking.problems.push(probably === undefined ? problem : { ...problem, nearest: probably });
}
