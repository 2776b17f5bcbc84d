// Custom fields: hands the plain value to the declaration's `parse`, and gives its complaints a place in the files.

import { toFault } from "../fault.ts";
import type { Problem } from "./problem.ts";
import type { Field, Notes, Path } from "./schema.ts";
import { mergeObjects, type Node, type Origin, plainChain } from "./tree.ts";
import type { Checking } from "./validate.ts";

export function customValue(
  checking: Checking,
  field: Field<unknown>,
  chain: readonly Node[],
  path: readonly string[],
): unknown {
  const notes = notesOn(checking, chain, path);
  try {
    const value = field.parse?.(plainChain(chain), notes);
    if (!(value instanceof Error)) return value;
    notes.error([], value.message);
  } catch (error) {
    notes.error([], toFault(error).message);
  }
  return field.fallback;
}

function notesOn(checking: Checking, chain: readonly Node[], base: readonly string[]): Notes {
  const nameOf = (path: Path) => [...base, ...path].join(".");
  const at = (path: Path) => findOrigin(chain, path);
  const note = (severity: Problem["severity"], path: Path, message: string, nearest: string | undefined) => {
    const { file, line } = at(path);
    const problem: Problem = { severity, file, line, message: `${nameOf(path)} ${message}` };
    checking.problems.push(nearest === undefined ? problem : { ...problem, nearest });
  };
  return {
    at,
    error: (path, message, nearest) => note("error", path, message, nearest),
    refuse(path, message) {
      const { file, line } = at(path);
      const text = `${nameOf(path)} ${message}`;
      checking.problems.push({ severity: "error", file, line, message: text, contained: true });
    },
    warn: (path, message, nearest) => note("warning", path, message, nearest),
    unsupported(path) {
      const { file, line } = at(path);
      checking.unsupported.push({ name: nameOf(path), file, line });
    },
  };
}

/** Follows a path as far as it goes. A key looks into all objects there are; an index picks a value or an element. */
function findOrigin(chain: readonly Node[], path: Path): Origin {
  let nodes = chain;
  for (const step of path) {
    let next: readonly Node[] | undefined;
    if (typeof step === "number") {
      const [only] = nodes;
      const items = nodes.length === 1 && only?.kind === "list" ? only.items : nodes;
      const item = items[step];
      next = item === undefined ? undefined : [item];
    } else {
      next = mergeObjects(nodes.filter((node) => node.kind === "object")).get(step);
    }
    if (next === undefined || next.length === 0) break;
    nodes = next;
  }
  return nodes[0]?.origin ?? { file: "", line: 0, priority: 0 };
}
