// Whom To and Cc name, and how that agrees with From and the envelope.

import { type Context, defineCheck } from "../../shared/check.ts";
import { first } from "../../shared/message/header.ts";
import type { Mailbox } from "../../shared/task.ts";
import { sameAddress, sameDomain } from "./mailbox-pair.ts";

const symbols = {
  RCPT_COUNT_ZERO: { score: 0, about: "To and Cc name no recipient." },
  RCPT_COUNT_ONE: { score: 0, about: "To and Cc name one recipient." },
  RCPT_COUNT_TWO: { score: 0, about: "To and Cc name two recipients." },
  RCPT_COUNT_THREE: { score: 0, about: "To and Cc name 3 or 4 recipients." },
  RCPT_COUNT_FIVE: { score: 0, about: "To and Cc name 5 or 6 recipients." },
  RCPT_COUNT_SEVEN: { score: 0, about: "To and Cc name 7 to 11 recipients." },
  RCPT_COUNT_TWELVE: { score: 0, about: "To and Cc name 12 to 50 recipients." },
  RCPT_COUNT_GT_50: { score: 0, about: "To and Cc name more than 50 recipients." },
  TO_DN_NONE: { score: 0, about: "No recipient has a display name." },
  TO_DN_SOME: { score: 0, about: "Some recipients have a display name." },
  TO_DN_ALL: { score: 0, about: "Every recipient has a display name." },
  TO_DN_EQ_ADDR_SOME: { score: 0, about: "The display name of some recipients is their address." },
  TO_DN_EQ_ADDR_ALL: { score: 0, about: "The display name of every recipient is their address." },
  TO_DN_RECIPIENTS: { score: 2, about: 'A recipient is called "recipients".' },
  TO_EQ_FROM: { score: 0, about: "The author is a recipient." },
  TO_DOM_EQ_FROM_DOM: { score: 0, about: "A recipient is of the author's domain." },
  TO_MATCH_ENVRCPT_SOME: { score: 0, about: "Some of the recipients are in the envelope." },
  TO_MATCH_ENVRCPT_ALL: { score: 0, about: "Every recipient is in the envelope." },
  R_UNDISC_RCPT: { score: 3, about: "The recipients are undisclosed." },
};
type Ctx = Context<keyof typeof symbols, never, unknown>;

/** From so many recipients on. */
const counts = [
  [51, "RCPT_COUNT_GT_50"],
  [12, "RCPT_COUNT_TWELVE"],
  [7, "RCPT_COUNT_SEVEN"],
  [5, "RCPT_COUNT_FIVE"],
  [3, "RCPT_COUNT_THREE"],
  [2, "RCPT_COUNT_TWO"],
  [1, "RCPT_COUNT_ONE"],
  [0, "RCPT_COUNT_ZERO"],
] as const;

/** Compared with names in quotes and without. */
const undisclosed = /^["<]?undisclosed[- ]recipients?/i;

function countNames(boxes: readonly Mailbox[], ctx: Ctx): void {
  let named = 0;
  let addresses = 0;
  let recipients = false;
  for (const { name, address } of boxes) {
    if (name === "") continue;
    named++;
    const lower = name.toLowerCase();
    if (lower === address.toLowerCase()) addresses++;
    else if (lower === "recipient" || lower === "recipients") recipients = true;
  }
  ctx.hit(named === 0 ? "TO_DN_NONE" : named === boxes.length ? "TO_DN_ALL" : "TO_DN_SOME");
  if (addresses > 0) ctx.hit(addresses === boxes.length ? "TO_DN_EQ_ADDR_ALL" : "TO_DN_EQ_ADDR_SOME");
  if (recipients) ctx.hit("TO_DN_RECIPIENTS");
}

function compareWithFrom(boxes: readonly Mailbox[], author: Mailbox, ctx: Ctx): void {
  if (boxes.some((box) => sameAddress(box, author))) ctx.hit("TO_EQ_FROM");
  else if (boxes.some((box) => sameDomain(box, author))) ctx.hit("TO_DOM_EQ_FROM_DOM");
}

function compareWithEnvelope(boxes: readonly Mailbox[], rcpts: readonly string[], ctx: Ctx): void {
  const envelope = new Set(rcpts.map((rcpt) => rcpt.toLowerCase()));
  let matched = 0;
  for (const box of boxes) if (envelope.has(box.address.toLowerCase())) matched++;
  if (matched > 0) ctx.hit(matched === boxes.length ? "TO_MATCH_ENVRCPT_ALL" : "TO_MATCH_ENVRCPT_SOME");
}

export const recipients = defineCheck({
  name: "CHECK_TO_CC",
  about: "Looks at the recipients that the headers name.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols,
  run(task, ctx) {
    const { envelope, headers } = task;
    if (undisclosed.test(first(headers, "to")?.value ?? "")) ctx.hit("R_UNDISC_RCPT");
    const boxes = [...headers.to, ...headers.cc].filter((box) => box.host !== "");
    const count = counts.find(([least]) => boxes.length >= least);
    if (count) ctx.hit(count[1], { options: [String(boxes.length)] });
    if (boxes.length === 0) return;
    countNames(boxes, ctx);
    const author = headers.from[0];
    if (author?.valid) compareWithFrom(boxes, author, ctx);
    if (envelope.rcpts.length > 0) compareWithEnvelope(boxes, envelope.rcpts, ctx);
  },
});
