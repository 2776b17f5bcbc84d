// Headers that show the score: X-Spamd-Bar, X-Spam-Level, X-Spam-Status.

import type { SectionValue } from "../../../shared/config/schema.ts";
import { section, text } from "../../../shared/config/schema.ts";
import { isSpam } from "../../../shared/verdict.ts";
import { field } from "./field.ts";
import type { HeaderChanges, Outcome } from "./routine.ts";
import { headerKeys, replacing } from "./routine.ts";

/** A line of marks that is longer says no more. */
const longest = 100;

export const barOptions = section("A bar of as many marks as the score has points.", {
  ...headerKeys("X-Spamd-Bar"),
  positive: text("+", "Mark for a point above zero."),
  negative: text("-", "Mark for a point below zero."),
  neutral: text("/", "Instead of a bar, between -1 and 1."),
});

export function bar(options: SectionValue<typeof barOptions>, { score }: Outcome): HeaderChanges {
  if (score >= 1) return marks(options, options.positive, score);
  if (score <= -1) return marks(options, options.negative, -score);
  return marks(options, options.neutral, 1);
}

export const levelOptions = section("As many marks as the score has points, nothing below 1.", {
  ...headerKeys("X-Spam-Level"),
  char: text("*", "Mark for a point."),
});

export function level(options: SectionValue<typeof levelOptions>, { score }: Outcome): HeaderChanges {
  return marks(options, options.char, score);
}

/** An empty mark, or none at all, adds no header. */
function marks(options: { header: string; remove: number | null }, mark: string, score: number): HeaderChanges {
  const line = mark.repeat(Math.max(0, Math.min(Math.floor(score), longest)));
  return replacing(options, line === "" ? [] : [field(options.header, line)]);
}

export const statusOptions = section("Yes or No, and the score.", headerKeys("X-Spam-Status"));

export function status(options: SectionValue<typeof statusOptions>, { action, score }: Outcome): HeaderChanges {
  const value = `${isSpam(action) ? "Yes" : "No"}, score=${score.toFixed(2)}`;
  return replacing(options, [field(options.header, value)]);
}
