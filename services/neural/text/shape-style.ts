// How the text is written: its length, capitals, punctuation, numbers, scripts.

import { climb, feature, ladder, type Marks, mark } from "./shape.ts";
import type { Style } from "./word-list.ts";

const words = ladder("words", [
  [1, -0.3],
  [8, -0.1],
  [25, -0.1],
  [80, -0.1],
  [250, -0.1],
  [800, -0.2],
]);
const capitals = ladder("share of capitals", [
  [0.06, 0],
  [0.12, 0.2],
  [0.25, 0.3],
  [0.5, 0.4],
]);
const shouted = ladder("share of shouted words", [
  [0.01, 0],
  [0.04, 0.1],
  [0.12, 0.3],
  [0.4, 0.3],
]);
const exclamations = ladder("exclamation marks in 100 words", [
  [0.2, 0.1],
  [1, 0.2],
  [3, 0.3],
]);
const questions = ladder("question marks in 100 words", [
  [0.3, -0.1],
  [2, 0],
]);
const amounts = ladder("amounts of money", [
  [1, 0.15],
  [3, 0.15],
  [8, 0],
]);
const percents = ladder("percentages", [
  [1, 0.1],
  [3, 0.1],
]);
const numbers = ladder("share of numbers", [
  [0.03, 0],
  [0.12, -0.1],
]);
const quoted = ladder("share of quoted lines", [
  [0.01, -0.7],
  [0.2, -0.3],
]);
const attribution = feature("says who is quoted", -0.9);
const signature = feature("has a signature or footer", -0.4);
const mixed = ladder("words with digits, in 100", [
  [0.5, 0],
  [4, 0.1],
  [15, 0.1],
]);
const spelled = feature("words spelled letter by letter", 1);
const invisible = ladder("invisible characters", [
  [1, 0.2],
  [10, 0.3],
]);
const longWords = feature("very long words", 0.2);
const foreign = ladder("share of letters beyond ASCII", [
  [0.02, 0],
  [0.1, 0],
  [0.5, 0.2],
]);
const longLines = feature("long lines", 0);
const shortLines = feature("lines of the length that people wrap at", -0.2);

export function markStyle(style: Style, marks: Marks): void {
  const count = style.words;
  climb(marks, words, count);
  if (count > 0) {
    const letters = Math.max(1, style.letters);
    climb(marks, capitals, style.capitals / letters);
    climb(marks, shouted, style.shouted / count);
    climb(marks, exclamations, (100 * style.exclamations) / count);
    climb(marks, questions, (100 * style.questions) / count);
    climb(marks, numbers, style.numbers / count);
    climb(marks, mixed, (100 * style.mixed) / count);
    climb(marks, foreign, style.foreign / letters);
  }
  climb(marks, amounts, style.amounts);
  climb(marks, percents, style.percents);
  climb(marks, quoted, style.quotedLines / Math.max(1, style.lines));
  climb(marks, invisible, style.invisible);
  if (style.attributions > 0) mark(marks, attribution);
  if (style.signatures > 0) mark(marks, signature);
  if (style.spelled > 0) mark(marks, spelled);
  if (style.longWords > 0) mark(marks, longWords);
  const width = style.units / Math.max(1, style.lines);
  if (count >= 40) mark(marks, width > 120 ? longLines : shortLines);
}
