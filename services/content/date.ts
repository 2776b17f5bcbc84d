// The Date header against the clock.

import { defineCheck } from "../../shared/check.ts";
import { first } from "../../shared/message/header.ts";

const hour = 3_600_000;
/** A clock may be wrong, and mail may wait. */
const ahead = 2 * hour;
const behind = 24 * hour;

/** RFC 5322, 3.3, with the years and the names of zones of 4.3. Blanks are bounded: dates come from the sender. */
const proper =
  /^(?:[a-z]{3}\s{0,3},\s{0,3})?\d{1,2}\s{1,3}[a-z]{3}\s{1,3}\d{2,4}\s{1,3}\d\d\s?:\s?\d\d(?:\s?:\s?\d\d)?\s{1,3}(?:[+-]\d{4}|(?![ap]m$)[a-z]{1,5})$/i;

/** Whether a date has the form that it must have; what people can read besides is for other checks. */
function isProper(value: string): boolean {
  const text = value.slice(0, 256);
  return proper.test(text.includes("(") ? text.replace(/\([^()]*\)/g, " ").trim() : text);
}

export const date = defineCheck({
  name: "DATE_CHECKS",
  about: "Compares the Date header with the time of arrival.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols: {
    INVALID_DATE: { score: 1.5, about: "The Date header is no date: a part is missing, wrong or in another form." },
    DATE_IN_FUTURE: { score: 4, about: "The Date header is more than two hours ahead." },
    DATE_IN_PAST: { score: 1, about: "The Date header is more than a day old." },
  },
  run(task, ctx) {
    const { date } = task.headers;
    const field = first(task.headers, "date");
    if (field === null) return;
    if (date === null || !isProper(field.value)) {
      ctx.hit("INVALID_DATE");
      return;
    }
    const age = ctx.now - date;
    const hours = String(Math.round(Math.abs(age) / hour));
    if (age < -ahead) ctx.hit("DATE_IN_FUTURE", { options: [hours] });
    else if (age > behind) ctx.hit("DATE_IN_PAST", { options: [hours] });
  },
});
