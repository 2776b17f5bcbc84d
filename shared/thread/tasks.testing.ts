// A thread for tests, which does what it is told.

import { work } from "./work.ts";

export type Told = "answer" | "wait" | "hang" | "throw" | "spent" | "size";

work<{ readonly parts: readonly Told[]; readonly bytes?: Uint8Array }, number>(
  async ({ parts, bytes }, { left, answer, spent }) => {
    for (const [at, told] of parts.entries()) {
      if (left() < 0) break;
      if (told === "wait") await new Promise(() => {});
      if (told === "hang") for (;;);
      if (told === "throw") throw new Error("told to");
      if (told === "spent") spent();
      answer(told === "size" ? (bytes?.length ?? 0) : at);
    }
  },
);
