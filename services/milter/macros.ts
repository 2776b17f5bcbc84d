// Macros: what the mail server tells beside the commands, each set with the command that it comes before. Sets of the
// connection stay for all of its mails.

import * as c from "./wire/constants.ts";

/** The latest stage first: what a server says later is what it knows better. */
const mailStages = [c.SMFIC_BODYEOB, c.SMFIC_EOH, c.SMFIC_DATA, c.SMFIC_RCPT, c.SMFIC_MAIL];
const stages = [...mailStages, c.SMFIC_HELO, c.SMFIC_CONNECT];

export class Macros {
  readonly #sets = new Map<number, ReadonlyMap<string, string>>();

  /** Takes the place of what was said for the same command. Sets of commands that have no macros are dropped. */
  set(command: number, macros: ReadonlyMap<string, string>): void {
    if (stages.includes(command)) this.#sets.set(command, macros);
  }

  /** Value of a macro, without braces; undefined when it is absent or empty. */
  get(name: string): string | undefined {
    for (const stage of stages) {
      const value = this.#sets.get(stage)?.get(name);
      if (value) return value;
    }
    return undefined;
  }

  /** Sets are replaced only when there is a new one, so those of one recipient must not pass for the next one's. */
  forgetRcpt(): void {
    this.#sets.delete(c.SMFIC_RCPT);
  }

  forgetMail(): void {
    for (const stage of mailStages) this.#sets.delete(stage);
  }

  forgetConnection(): void {
    this.#sets.clear();
  }
}
