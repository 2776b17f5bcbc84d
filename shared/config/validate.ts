// Declared sections against the tree of the files: typed values with their defaults, and every problem with its place.

import type { Sections } from "../check.ts";
import { customValue } from "./custom.ts";
import { type Problem, place, type Unsupported } from "./problem.ts";
import { relocate } from "./relocated.ts";
import type { Field, Keys } from "./schema.ts";
import { reportUnknownKey, reportUnknownSection, reportWrappers } from "./scope.ts";
import { mergeObjects, type Node, type ObjectNode } from "./tree.ts";
import { Refusal, readLeaf } from "./value.ts";
import { placeWorkers } from "./workers.ts";

/** Where one value came from; for dumps. */
export interface Trace {
  readonly path: readonly string[];
  readonly field: Field<unknown>;
  readonly value: unknown;
  /** What the files say; undefined for a default. */
  readonly chain: readonly Node[] | undefined;
}

export interface Validation {
  readonly values: Readonly<Record<string, unknown>>;
  readonly problems: Problem[];
  readonly unsupported: Unsupported[];
  readonly traces: Trace[];
  /** The tree as it was checked: what Rspamd's workers say stands where the services declare it. */
  readonly root: ObjectNode;
}

export interface Checking {
  readonly sections: Sections;
  readonly problems: Problem[];
  readonly unsupported: Unsupported[];
  readonly traces: Trace[];
  /** Sections inside themselves, which have been reported. */
  readonly wrappers: Set<Node>;
  /** Files of a package, which no operator wrote: what is unknown in them is unsupported, not wrong. */
  readonly packaged: (file: string) => boolean;
}

/** Checks all declared sections. A broken value is reported and has its default in `values`. */
export function validate(
  written: ObjectNode,
  sections: Sections,
  packaged: (file: string) => boolean = () => false,
): Validation {
  const checking: Checking = { sections, problems: [], unsupported: [], traces: [], wrappers: new Set(), packaged };
  const values: Record<string, unknown> = {};
  reportWrappers(checking, written);
  const root = placeWorkers(checking, relocate(sections, written));
  for (const [name, field] of Object.entries(sections)) {
    values[name] = check(checking, field, chainOf(checking, root.keys, name, field), [name]);
  }
  const known = namesOf(sections);
  for (const [name, chain] of root.keys) {
    if (!known.has(name)) reportUnknownSection(checking, name, chain);
  }
  const { problems, unsupported, traces } = checking;
  return { values: freeze(values), problems, unsupported, traces, root };
}

function check(
  checking: Checking,
  field: Field<unknown>,
  chain: readonly Node[] | undefined,
  path: readonly string[],
): unknown {
  const [first] = chain ?? [];
  if (field.kind === "section" && field.nullable !== true) return checkSection(checking, field, chain ?? [], path);
  let value = field.fallback;
  if (chain !== undefined && first !== undefined) value = read(checking, field, first, chain, path);
  if (field.kind !== "section" && (field.kind !== "table" || first === undefined)) {
    checking.traces.push({ path, field, value, chain });
  }
  return value;
}

function read(
  checking: Checking,
  field: Field<unknown>,
  first: Node,
  chain: readonly Node[],
  path: readonly string[],
): unknown {
  if (field.nullable === true && first.kind === "leaf" && first.value === null && chain.length === 1) return null;
  switch (field.kind) {
    case "section":
      return checkSection(checking, field, chain, path);
    case "table":
      return checkTable(checking, field, chain, path);
    case "list":
      return checkList(checking, field, chain, path);
    case "custom":
      return customValue(checking, field, chain, path);
    default:
      return checkLeaf(checking, field, first, chain, path);
  }
}

function checkSection(
  checking: Checking,
  field: Field<unknown>,
  chain: readonly Node[],
  path: readonly string[],
): Readonly<Record<string, unknown>> {
  const keys = field.keys ?? {};
  const given = mergeObjects(objectsOf(checking, chain, path));
  const values: [string, unknown][] = [];
  for (const [name, inner] of Object.entries(keys)) {
    values.push([name, check(checking, inner, chainOf(checking, given, name, inner), [...path, name])]);
  }
  const known = namesOf(keys);
  for (const [name, nodes] of given) {
    if (known.has(name)) continue;
    if (field.rest !== undefined) values.push([name, check(checking, field.rest, nodes, [...path, name])]);
    else reportUnknownKey(checking, path, name, nodes, known);
  }
  return Object.fromEntries(values);
}

function checkTable(
  checking: Checking,
  field: Field<unknown>,
  chain: readonly Node[],
  path: readonly string[],
): Readonly<Record<string, unknown>> {
  const { item } = field;
  if (item === undefined) return {};
  const given = mergeObjects(objectsOf(checking, chain, path));
  return Object.fromEntries([...given].map(([name, nodes]) => [name, check(checking, item, nodes, [...path, name])]));
}

function checkList(
  checking: Checking,
  field: Field<unknown>,
  chain: readonly Node[],
  path: readonly string[],
): readonly unknown[] {
  const { item } = field;
  if (item === undefined) return [];
  const nodes = chain.flatMap((node) => (node.kind === "list" ? node.items : [node]));
  // The traces of elements say nothing that the trace of the list does not say.
  const inner: Checking = { ...checking, traces: [] };
  return nodes.map((node, index) => check(inner, item, [node], [...path, String(index)]));
}

function checkLeaf(
  checking: Checking,
  field: Field<unknown>,
  first: Node,
  chain: readonly Node[],
  path: readonly string[],
): unknown {
  const name = path.join(".");
  const { problems } = checking;
  const [, second] = chain;
  if (second !== undefined) {
    // Rspamd makes an array of the two and most of its readers take the first: R 4.2, Mailu#3956.
    const places = chain.map((node) => place(node.origin)).join(" and ");
    const message = `${name} takes one value but is given ${chain.length} times: ${places}`;
    problems.push({ severity: "error", file: second.origin.file, line: second.origin.line, message });
    return field.fallback;
  }
  if (first.kind !== "leaf") {
    const message = `${name} takes one value, not a ${first.kind === "list" ? "list" : "section"}`;
    problems.push({ severity: "error", file: first.origin.file, line: first.origin.line, message });
    return field.fallback;
  }
  const value = readLeaf(first, field);
  if (!(value instanceof Refusal)) return value;
  const problem: Problem = {
    severity: "error",
    file: first.origin.file,
    line: first.origin.line,
    message: `${name} ${value.message}`,
  };
  problems.push(value.nearest === undefined ? problem : { ...problem, nearest: value.nearest });
  return field.fallback;
}

function objectsOf(checking: Checking, chain: readonly Node[], path: readonly string[]): ObjectNode[] {
  const objects: ObjectNode[] = [];
  for (const node of chain) {
    if (node.kind === "object") {
      objects.push(node);
      continue;
    }
    const message = `${path.join(".")} is a section: write ${path.at(-1) ?? ""} { ... }`;
    checking.problems.push({ severity: "error", file: node.origin.file, line: node.origin.line, message });
  }
  return objects;
}

/** What is given for a key under its name or one of its other names. */
function chainOf(
  checking: Checking,
  given: ReadonlyMap<string, readonly Node[]>,
  name: string,
  field: Field<unknown>,
): readonly Node[] | undefined {
  let found = given.get(name);
  let foundAs = name;
  for (const alias of field.aliases ?? []) {
    const chain = given.get(alias);
    const [first] = chain ?? [];
    if (chain === undefined || first === undefined) continue;
    const [other] = found ?? [];
    if (other !== undefined && other.origin.priority === first.origin.priority) {
      const message = `${alias} is another name of ${foundAs}, which is given in ${place(other.origin)}`;
      checking.problems.push({ severity: "error", file: first.origin.file, line: first.origin.line, message });
    }
    if (other === undefined || first.origin.priority > other.origin.priority) {
      found = chain;
      foundAs = alias;
    }
  }
  return found;
}

function namesOf(keys: Keys): Set<string> {
  const names = new Set<string>();
  for (const [name, field] of Object.entries(keys)) {
    names.add(name);
    for (const alias of field.aliases ?? []) names.add(alias);
  }
  return names;
}

/** Values are shared by everybody who asks for them. What a custom field made (a Map, a class) is left alone. */
function freeze<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
  return value;
}
