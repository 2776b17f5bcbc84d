// How the subject is written.

import { plain, signsFrom } from "./letters.ts";
import { feature, type Marks, mark } from "./shape.ts";

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
const subjectForeign = feature("subject mostly beyond ASCII", 0.1);
const subjectPicture = feature("subject with a pictogram", 0.1);
const subjectLower = feature("subject in small letters", -0.2);
const subjectTitled = feature("Subject With Each Word Capitalised", 0.3);
const subjectGap = feature("subject with a gap", 0.5);
const subjectTail = feature("subject that ends in letters and digits", 0.4);
const subjectShort = feature("subject of one word", 0.1);
const subjectLong = feature("subject of many words", 0);

export function markSubject(subject: string, marks: Marks): void {
  const text = subject.trim();
  if (text === "") {
    mark(marks, noSubject);
    return;
  }
  if (/^(?:re|aw|sv|antw|vs|odp|rif|ynt|res|回复|答复|回覆|답장)(?:\[\d+\])?[:：]/i.test(text))
    mark(marks, replySubject);
  if (/^(?:fwd?|wg|tr|rv|enc|vb|vl|doorst|pd|转发|轉寄|전달):/i.test(text)) mark(marks, forwardSubject);
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
