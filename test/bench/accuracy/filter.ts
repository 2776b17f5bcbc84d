// What is compared: a filter that can be taught, and gives scores.

import { existsSync } from "node:fs";
import type { Mail, Taught } from "./mails.ts";

export interface Filter {
  /** Resolves when all that is judged from now on is judged by these lessons too. */
  learn(lessons: readonly Taught[]): Promise<void>;
  /** For each mail one score for each of the candidate's rows; higher is more like spam. */
  judge(mails: readonly Mail[]): Promise<readonly (readonly number[])[]>;
  close(): Promise<void>;
}

export interface Candidate {
  readonly name: string;
  /** Rows of the table: the filter itself first, then parts of it. */
  readonly rows: readonly string[];
  /** Cases that it is too slow for, or that it has nothing to say in. */
  readonly leavesOut: Readonly<Record<string, string>>;
  /** Why it cannot take part, with the package to install; null when it can. */
  missing(): Promise<string | null>;
  /** A filter that was taught nothing. */
  open(caseName: string): Promise<Filter>;
  /** After the last case: ends what was started. */
  end(): Promise<void>;
}

/** Does the work for each item, so many at a time; answers are in the order of the items. */
export async function inTurns<Item, Answer>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) answers[at] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return answers;
}

/** Whether a program is installed where Debian puts it. */
export function isInstalled(program: string): boolean {
  return ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"].some((folder) =>
    existsSync(`${folder}/${program}`),
  );
}
