// What can be wrong with a configuration, in the words an operator reads.

import { Fault } from "../fault.ts";

export interface Problem {
  /** An error refuses the configuration; a warning lets it pass. */
  readonly severity: "error" | "warning";
  readonly file: string;
  readonly line: number;
  readonly message: string;
  /** What was probably meant. */
  readonly nearest?: string;
  /** Of an error: the part that it is about is left out, and the rest of the configuration holds. */
  readonly contained?: true;
}

/** Something that Rspamd has and Sluice does not have yet. It is not an error and has no effect. */
export interface Unsupported {
  /** A section, key, symbol, worker or macro: "dcc", "options.rrd", ".lua". */
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** Whether something refuses the configuration as a whole. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === "error" && problem.contained !== true);
}

/** Where a value that no file holds came from. */
export const commandLine = "command line";

export function place(at: { readonly file: string; readonly line: number }): string {
  return at.line > 0 ? `${at.file}:${at.line}` : at.file;
}

/** One problem in one line: "file:12: error: message (nearest: name)". */
export function describeProblem(problem: Problem): string {
  const nearest = problem.nearest === undefined ? "" : ` (nearest: ${problem.nearest})`;
  return `${place(problem)}: ${problem.severity}: ${problem.message}${nearest}`;
}

/** The fault for a configuration with errors: each of them in a line, at most twenty. */
export function configFault(problems: readonly Problem[]): Fault {
  const errors = problems.filter((problem) => problem.severity === "error");
  const lines = errors.slice(0, 20).map((problem) => {
    const nearest = problem.nearest === undefined ? "" : ` (nearest: ${problem.nearest})`;
    return `${place(problem)}: ${problem.message}${nearest}`;
  });
  if (errors.length > 20) lines.push(`and ${errors.length - 20} more errors`);
  return new Fault("bad-config", lines.join("\n"));
}
