// What filters are tried with.

import { openRandom } from "../../fuzz/random.ts";
import { type Mail, shuffled, type Taught, taught } from "./mails.ts";

export interface Case {
  readonly name: string;
  readonly about: string;
  /** Null: each mail is judged and then taught, one after the other. */
  readonly lessons: readonly Taught[] | null;
  readonly tests: readonly Mail[];
}

export const caseNames = ["fresh", "taught", "noise", "later", "online"] as const;
export type CaseName = (typeof caseNames)[number];

export interface Sizes {
  readonly lessons: number;
  readonly tests: number;
  /** One of so many mails, for the case that teaches after each verdict. */
  readonly every: number;
  /** Share of wrong labels, 0 to 1. */
  readonly noise: number;
}

/** The mail that the first model of the case `fresh` is made from, and what `later` teaches. */
const early = ["easy-ham-1", "spam-1"];
const isEarly = ({ folder }: Mail): boolean => early.includes(folder);

export function makeCase(name: CaseName, mails: readonly Mail[], seed: number, sizes: Sizes): Case {
  const order = shuffled(mails, openRandom(seed));
  const { lessons, tests, every, noise } = sizes;
  const first = order.slice(0, lessons);
  const next = order.slice(lessons, lessons + tests);
  const later = order.filter((mail) => !isEarly(mail));
  switch (name) {
    case "fresh": {
      const about = `nothing taught, ${later.length} mails of easy-ham-2, hard-ham-1 and spam-2`;
      return { name, about, lessons: [], tests: later };
    }
    case "taught":
      return {
        name,
        about: `${first.length} mixed lessons, ${next.length} mixed mails`,
        lessons: taught(first, 0, openRandom(seed)),
        tests: next,
      };
    case "noise":
      return {
        name,
        about: `the same, ${100 * noise} % of the lessons wrong`,
        lessons: taught(first, noise, openRandom(seed)),
        tests: next,
      };
    case "later": {
      const known = order.filter(isEarly);
      const about = `${known.length} lessons of the early folders, ${later.length} mails of the later ones`;
      return { name, about, lessons: taught(known, 0, openRandom(seed)), tests: later };
    }
    case "online": {
      const some = shuffled(
        mails.filter((_, at) => at % every === 0),
        openRandom(seed),
      );
      return { name, about: `${some.length} mails, a lesson after each verdict`, lessons: null, tests: some };
    }
  }
}
