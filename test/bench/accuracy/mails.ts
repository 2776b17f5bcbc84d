// The development corpus: labelled mails in five folders, and ways to put them in order.

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Random } from "../../fuzz/random.ts";

export const corpus = process.env.SLUICE_CORPUS ?? resolve(import.meta.dirname, "../../../.cache/corpus");
export const folders = ["easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2"] as const;

export interface Mail {
  readonly folder: string;
  readonly path: string;
  readonly spam: boolean;
  readonly raw: Buffer;
}

/** A mail and what is said of it: not always what it is. */
export interface Taught {
  readonly mail: Mail;
  readonly label: "spam" | "ham";
}

/** One of `every` so many mails of each folder, the earliest first. */
export function readCorpus(every = 1): readonly Mail[] {
  return folders.flatMap((folder) =>
    readdirSync(join(corpus, folder))
      .sort()
      .filter((_, at) => at % every === 0)
      .map((file) => {
        const path = join(corpus, folder, file);
        return { folder, path, spam: folder.startsWith("spam"), raw: readFileSync(path) };
      }),
  );
}

export function shuffled<Item>(items: readonly Item[], random: Random): readonly Item[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const [one, other] = [order[i], order[j]];
    if (one !== undefined && other !== undefined) [order[i], order[j]] = [other, one];
  }
  return order;
}

/** The mails as they are taught, a share of them (0 to 1) as what they are not. */
export function taught(mails: readonly Mail[], noise: number, random: Random): readonly Taught[] {
  return mails.map((mail) => {
    const wrong = random.below(1_000_000) < noise * 1_000_000;
    return { mail, label: mail.spam === wrong ? "ham" : "spam" };
  });
}
