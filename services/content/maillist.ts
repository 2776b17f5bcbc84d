// Mail of mailing lists, by the software that runs them (R 3.13).

import { defineCheck } from "../../shared/check.ts";
import { first } from "../../shared/message/header.ts";
import type { Headers } from "../../shared/task.ts";

/** A header that must be there, and what it must say. */
type Sign = readonly [key: string, says?: RegExp];

interface Software {
  readonly name: string;
  readonly all: readonly Sign[];
  /** At least one of these. */
  readonly any?: readonly Sign[];
}

/** RFC 2919, 3 and RFC 2369, 3: what any list that follows the rules writes. */
const proper: readonly Sign[] = [
  ["list-id", /<[^<>]+>/],
  ["list-unsubscribe", /<[^<>]+>/],
];

const software: readonly Software[] = [
  {
    name: "ezmlm",
    all: [
      ["mailing-list", /\bezmlm\b/i],
      ["precedence", /^bulk$/i],
      ["list-post", /^<mailto:/i],
      ["list-unsubscribe", /<mailto:[^>]*-unsubscribe/i],
    ],
  },
  {
    name: "mailman",
    all: [["x-mailman-version", /^[23]\./], ["x-beenthere"], ["list-id"]],
  },
  {
    // Mailman 3 signs with a header of its own, and leaves List-Post and Precedence to the administrator.
    name: "mailman3",
    all: [["x-mailman-version", /^3\./], ["x-mailman-rule-hits"], ["list-id", /<[^<>]+>/]],
  },
  {
    name: "googlegroups",
    all: [["list-id", /<[^<>]+>/]],
    any: [["x-google-loop"], ["x-google-group-id"]],
  },
  { name: "sympa", all: [["x-loop"], ["x-sequence"], ...proper] },
  { name: "cgp", all: [["x-listserver", /^CommuniGate Pro LIST/i], ...proper] },
  {
    name: "majordomo",
    all: [
      ["precedence", /^(?:list|bulk)$/i],
      ["sender", /(?:^|<)(?:owner-[^@]+|[^@]+-owner)@/i],
    ],
  },
];

/** What hints at a list when no software is known, and how much (R 3.13). */
const hints: readonly (readonly [weight: number, ...sign: Sign])[] = [
  [0.75, "list-id", /<[^<>]+>/],
  [0.25, "precedence", /^(?:list|bulk)$/i],
  [0.125, "list-post", /<(?:mailto|https?):/i],
  [0.125, "list-unsubscribe", /<(?:mailto|https?):/i],
  [0.125, "list-subscribe", /</],
  [0.125, "list-help", /</],
  [0.125, "list-owner", /</],
  [0.125, "list-archive", /</],
  [0.125, "x-mailing-list"],
  [0.125, "x-beenthere"],
  [0.125, "x-loop"],
];
/** Newsletters can be left; lists can be joined as well. */
const joining = 0.25;
/** Weight from which hints make a list, and from which the symbol counts in full. */
const enough = 1;
const certain = 2;

function shows(headers: Headers, [key, says]: Sign): boolean {
  const field = first(headers, key);
  return field !== null && (says === undefined || says.test(field.value.slice(0, 1_024)));
}

/** Any of these stands in each mail of each list. */
const marks = new Set(["list-id", "precedence", "x-loop", "mailing-list", "list-unsubscribe"]);

export const maillist = defineCheck({
  name: "MAILLIST_CHECK",
  about: "Recognises mail of mailing lists.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols: {
    HAS_LIST_UNSUB: { score: -0.01, about: "Has a List-Unsubscribe header." },
    MAILLIST: { score: -0.2, about: "Comes from a mailing list; the option names its software." },
  },
  run(task, ctx) {
    const { headers } = task;
    if (!headers.fields.some(({ key }) => marks.has(key))) return;
    if (first(headers, "list-unsubscribe") !== null) ctx.hit("HAS_LIST_UNSUB");
    const known = software.find(
      ({ all, any }) =>
        all.every((sign) => shows(headers, sign)) && (any === undefined || any.some((sign) => shows(headers, sign))),
    );
    if (known !== undefined) {
      ctx.hit("MAILLIST", { options: [known.name] });
      return;
    }
    let weight = 0;
    for (const [points, ...sign] of hints) if (shows(headers, sign)) weight += points;
    if (shows(headers, ["list-subscribe"]) && shows(headers, ["list-unsubscribe"])) weight += joining;
    if (weight >= enough) ctx.hit("MAILLIST", { factor: Math.min(1, weight / certain), options: ["generic"] });
  },
});
