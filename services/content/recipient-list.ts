// Lists of recipients that a program made (R 3.16).

import { defineCheck } from "../../shared/check.ts";
import type { Mailbox } from "../../shared/task.ts";
import { editDistance } from "./word-distance.ts";

/** Fewer are sorted, or alike, by accident. */
const fewestSorted = 7;
const fewestAlike = 6;
/** Recipients that are compared with each other: their pairs are the square. */
const mostAlike = 10;
const mostSorted = 1_000;
const alike = 0.65;

function isSorted(boxes: readonly Mailbox[]): boolean {
  let last = "";
  for (const { address } of boxes) {
    const lower = address.toLowerCase();
    // The same one twice is a slip, not an order.
    if (lower <= last) return false;
    last = lower;
  }
  return true;
}

/** Mean likeness of the user parts, pair by pair, 0 to 1. */
function likeness(boxes: readonly Mailbox[]): number {
  const users = boxes.slice(0, mostAlike).map(({ user }) => user.toLowerCase().slice(0, 32));
  let sum = 0;
  let pairs = 0;
  for (const [i, one] of users.entries()) {
    for (const other of users.slice(i + 1)) {
      sum += 1 - editDistance(one, other) / Math.max(one.length, other.length, 1);
      pairs++;
    }
  }
  return pairs === 0 ? 0 : sum / pairs;
}

export const recipientList = defineCheck({
  name: "CHECK_RECIPIENT_LIST",
  about: "Looks for lists of recipients that a program made.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols: {
    SORTED_RECIPS: { score: 3.5, about: "Seven or more recipients stand in alphabetical order." },
    SUSPICIOUS_RECIPS: { score: 1.5, about: "More than five recipients are alike." },
  },
  run(task, ctx) {
    const { to, cc } = task.headers;
    const boxes = [...to, ...cc].filter((box) => box.valid);
    if (boxes.length >= fewestSorted && isSorted(boxes.slice(0, mostSorted))) ctx.hit("SORTED_RECIPS");
    if (boxes.length >= fewestAlike && likeness(boxes) >= alike) ctx.hit("SUSPICIOUS_RECIPS");
  },
});
