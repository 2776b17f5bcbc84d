// Values as the Universal Configuration Language knows them, and texts of it without files.

import { toFault } from "../fault.ts";
import { parseInto, problemOf, type Reading } from "./parser.ts";
import { configFault, type Problem } from "./problem.ts";
import { emptyObject, type ObjectNode, plainObject } from "./tree.ts";
import type { Variables } from "./variables.ts";

/** A parsed value. Durations and sizes with a suffix are numbers already (seconds, bytes). */
export type Ucl = string | number | boolean | null | readonly Ucl[] | UclObject;
export interface UclObject {
  readonly [key: string]: Ucl;
}

export function isUclObject(value: Ucl | undefined): value is UclObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export interface ParsedText {
  readonly root: ObjectNode;
  readonly problems: readonly Problem[];
}

/** Parses a text (UCL or JSON) that may not include files. `file` is the name in its problems. */
export function parseTree(text: string, file = "text", variables: Variables = new Map(), priority = 0): ParsedText {
  const root = emptyObject({ file, line: 1, priority });
  const reading: Reading = { root, variables, problems: [], unsupported: [] };
  try {
    parseInto(reading, file, text, root, priority, "append");
  } catch (error) {
    reading.problems.push(problemOf(toFault(error), file));
  }
  for (const { name, line } of reading.unsupported) {
    reading.problems.push({ severity: "error", file, line, message: `${name} cannot be used here` });
  }
  return { root, problems: reading.problems };
}

/**
 * The object that a text (UCL or JSON) describes; for settings that come with a message. Throws the fault `bad-config`,
 * "file:line: reason", for what is no UCL.
 */
export function parseUcl(text: string, file = "text"): UclObject {
  const { root, problems } = parseTree(text, file);
  if (problems.some((problem) => problem.severity === "error")) throw configFault(problems);
  return plainObject(root);
}
