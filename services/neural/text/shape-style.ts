// How the text is written: its length, capitals, punctuation, numbers, scripts; and the same of the subject.

import { plain, signsFrom } from "./letters.ts";
import { climb, feature, ladder, type Marks, mark } from "./shape.ts";
import type { Style } from "./words.ts";

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
  [0.02, 0.1],
  [0.1, 0.1],
  [0.5, 0.4],
]);
const longLines = feature("long lines", 0);
const shortLines = feature("lines of the length that people wrap at", -0.2);

/** Of the whole text. */
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

const noSubject = feature("no subject", 0.3);
const replySubject = feature("subject of a reply", -0.4);
const forwardSubject = feature("subject of a forwarded mail", -0.4);
const taggedSubject = feature("subject with a tag in brackets", -0.3);
const subjectCapitals = feature("subject in capitals", 0.8);
const subjectExclamation = feature("subject with an exclamation mark", 0.5);
const subjectExclamations = feature("subject with several exclamation marks", 0.5);
const subjectQuestion = feature("subject with a question mark", -0.1);
const subjectMoney = feature("subject with money", 0.5);
const subjectPercent = feature("subject with a percentage", 0.4);
const subjectForeign = feature("subject mostly beyond ASCII", 0.3);
const subjectPicture = feature("subject with a pictogram", 0.3);
const subjectLower = feature("subject in small letters", -0.2);
const subjectTitled = feature("Subject With Each Word Capitalised", 0.3);
const subjectGap = feature("subject with a gap", 0.5);
const subjectTail = feature("subject that ends in letters and digits", 0.4);
const subjectShort = feature("subject of one word", 0.1);
const subjectLong = feature("subject of many words", 0);

/** Of the subject. */
export function markSubject(subject: string, marks: Marks): void {
  const text = subject.trim();
  if (text === "") {
    mark(marks, noSubject);
    return;
  }
  if (/^(?:re|aw|sv|antw|vs|odp|rif)(?:\[\d+\])?:/i.test(text)) mark(marks, replySubject);
  if (/^(?:fwd?|wg|tr|rv):/i.test(text)) mark(marks, forwardSubject);
  if (/^(?:re: ?)?\[[^\]]{2,40}\]/i.test(text)) mark(marks, taggedSubject);
  const { letters, capitals: upper, foreign: beyond, pictures, tokens, titled } = countSubject(text);
  if (letters >= 6 && upper > 0.8 * letters) mark(marks, subjectCapitals);
  if (letters >= 4 && upper === 0 && beyond < letters / 2) mark(marks, subjectLower);
  if (tokens >= 4 && titled >= tokens - 1 && upper < letters / 2) mark(marks, subjectTitled);
  if (letters > 0 && beyond > letters / 2) mark(marks, subjectForeign);
  if (pictures > 0) mark(marks, subjectPicture);
  if (tokens === 1) mark(marks, subjectShort);
  if (tokens >= 12) mark(marks, subjectLong);
  const bang = text.indexOf("!");
  if (bang >= 0) mark(marks, subjectExclamation);
  if (bang >= 0 && text.indexOf("!", bang + 1) > 0) mark(marks, subjectExclamations);
  if (text.includes("?")) mark(marks, subjectQuestion);
  if (/[$\u00a3\u20ac] ?\d|\d ?[$\u00a3\u20ac]/.test(text)) mark(marks, subjectMoney);
  if (/\d ?%/.test(text)) mark(marks, subjectPercent);
  if (/\S {4,}\S/.test(text)) mark(marks, subjectGap);
  if (/[a-z\])] +(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{5,16}$/.test(text)) mark(marks, subjectTail);
}

function countSubject(text: string) {
  const counts = { letters: 0, capitals: 0, foreign: 0, pictures: 0, tokens: 0, titled: 0 };
  let inside = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const letter = plain[unit] ?? 0;
    if (unit >= 0xd83c && unit <= 0xd83e) counts.pictures++;
    if (letter === 0) {
      if (unit !== 0x27 && unit !== 0x2019) inside = false;
      continue;
    }
    if (letter > 0x39) counts.letters++;
    if (unit > 0x7f) counts.foreign++;
    const capital = unit !== letter && letter < signsFrom;
    if (capital) counts.capitals++;
    if (!inside) {
      counts.tokens++;
      if (capital || letter <= 0x39) counts.titled++;
    }
    inside = true;
  }
  return counts;
}
