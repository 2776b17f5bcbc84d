// The Date header against the clock.

import { defineCheck } from "../../shared/check.ts";
import { first } from "../../shared/message/header.ts";

const hour = 3_600_000;
/** A clock may be wrong, and mail may wait. */
const ahead = 2 * hour;
const behind = 24 * hour;

export const date = defineCheck({
  name: "DATE_CHECKS",
  about: "Compares the Date header with the time of arrival.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols: {
    INVALID_DATE: { score: 1.5, about: "The Date header cannot be read." },
    DATE_IN_FUTURE: { score: 4, about: "The Date header is more than two hours ahead." },
    DATE_IN_PAST: { score: 1, about: "The Date header is more than a day old." },
  },
  run(task, ctx) {
    const { date } = task.headers;
    if (date === null) {
      if (first(task.headers, "date") !== null) ctx.hit("INVALID_DATE");
      return;
    }
    const age = ctx.now - date;
    const hours = String(Math.round(Math.abs(age) / hour));
    if (age < -ahead) ctx.hit("DATE_IN_FUTURE", { options: [hours] });
    else if (age > behind) ctx.hit("DATE_IN_PAST", { options: [hours] });
  },
});
