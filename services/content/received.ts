// The way of a message, as its Received headers tell it.

import { type Context, defineCheck } from "../../shared/check.ts";
import type { Hop } from "../../shared/task.ts";

const symbols = {
  RCVD_COUNT_ZERO: { score: 0, about: "There is no Received header." },
  RCVD_COUNT_ONE: { score: 0, about: "There is one Received header." },
  RCVD_COUNT_TWO: { score: 0, about: "There are two Received headers." },
  RCVD_COUNT_THREE: { score: 0, about: "There are 3 or 4 Received headers." },
  RCVD_COUNT_FIVE: { score: 0, about: "There are 5 or 6 Received headers." },
  RCVD_COUNT_SEVEN: { score: 0, about: "There are 7 to 11 Received headers." },
  RCVD_COUNT_TWELVE: { score: 0, about: "There are 12 or more Received headers." },
  ONCE_RECEIVED: { score: 0.1, about: "One Received header, and the client has not logged in." },
  RCVD_TLS_ALL: { score: 0, about: "Every hop used TLS." },
  RCVD_TLS_LAST: { score: 0, about: "The last hop used TLS, an earlier one did not." },
  RCVD_NO_TLS_LAST: { score: 0.1, about: "The last hop did not use TLS." },
  RCVD_VIA_SMTP_AUTH: { score: 0, about: "A hop took it from a client that had logged in." },
  RCVD_HELO_USER: { score: 3, about: 'A client greeted as "user".' },
};
type Ctx = Context<keyof typeof symbols, never, unknown>;

/** From so many hops on. */
const counts = [
  [12, "RCVD_COUNT_TWELVE"],
  [7, "RCVD_COUNT_SEVEN"],
  [5, "RCVD_COUNT_FIVE"],
  [3, "RCVD_COUNT_THREE"],
  [2, "RCVD_COUNT_TWO"],
  [1, "RCVD_COUNT_ONE"],
  [0, "RCVD_COUNT_ZERO"],
] as const;

function checkTls(hops: readonly Hop[], ctx: Ctx): void {
  const last = hops[0];
  if (last === undefined) return;
  if (hops.every((hop) => hop.tls)) ctx.hit("RCVD_TLS_ALL");
  else ctx.hit(last.tls ? "RCVD_TLS_LAST" : "RCVD_NO_TLS_LAST");
}

export const received = defineCheck({
  name: "CHECK_RECEIVED",
  about: "Counts the hops and looks at how they were made.",
  stage: "filter",
  group: "headers",
  reads: ["received"],
  symbols,
  run(task, ctx) {
    const { envelope, received: hops } = task;
    const count = counts.find(([least]) => hops.length >= least);
    if (count) ctx.hit(count[1], { options: [String(hops.length)] });
    if (hops.length === 1 && envelope.user === undefined) ctx.hit("ONCE_RECEIVED");
    checkTls(hops, ctx);
    if (hops.some((hop) => hop.authenticated)) ctx.hit("RCVD_VIA_SMTP_AUTH");
    if (envelope.helo?.toLowerCase() === "user" || hops.some((hop) => hop.from.toLowerCase() === "user")) {
      ctx.hit("RCVD_HELO_USER");
    }
  },
});
