// What a file in commands/ exports by default.

export interface Command {
  /** One line for the overview. */
  readonly about: string;
  /** Printed by --help: usage, options, examples, exit codes. */
  readonly help: string;
  /** Answers with the exit code: 0 good, 64 wrong usage, 78 wrong configuration, others as `help` says (sysexits.h). */
  run(args: readonly string[]): Promise<number>;
}

/** Says why a command, or a part of one, does not do what it is asked for. Answers with the exit code. */
export function refuse(command: string, why: string, code = 64): number {
  console.error(`sluice ${command}: ${why}`);
  return code;
}
