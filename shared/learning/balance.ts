// Whether a model leans: lessons that nobody gave must not make it know one kind of mail only.

import type { Label } from "./learner.ts";

/** Whether there are too few lessons of the other label to learn another one of this. `balance` is that of `AutomaticLesson`. */
export function leads(learned: Readonly<Record<Label, number>>, label: Label, balance: number): boolean {
  return learned[label] > 0 && learned[label === "spam" ? "ham" : "spam"] < learned[label] * balance;
}
