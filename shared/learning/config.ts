// The section `learning`: what holds for lessons whoever learns from them.

import { duration, section } from "../config/schema.ts";

const day = 86_400_000;

export const learningConfig = {
  learning: section("Lessons: mails that are said to be spam or ham.", {
    remember: duration(
      90 * day,
      "How long it is known that a mail was learned, and as what: until then a lesson can be taken back.",
      // A table knows for 30 days that a lesson counted (store/limits.ts): the ledger must know for longer.
      { min: 31 * day, max: 3650 * day },
    ),
  }),
};
