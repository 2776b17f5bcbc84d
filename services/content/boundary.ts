// Boundaries of multiparts: mail programs write the time and numbers of their own into them, and bots copy them.

import { defineCheck } from "../../shared/check.ts";
import { fileTime, yearsApart } from "./file-time.ts";
import { mailerName } from "./mailer-name.ts";

/** Microsoft's: counters, and a FILETIME in two halves. */
const nextPart = /^-{2,6}=_NextPart_\d{3}_[0-9A-Fa-f]{4}_([0-9A-Fa-f]{8})\.[0-9A-Fa-f]{8}$/;
/** The first of these programs: no boundary is older. */
const firstOutlook = Date.UTC(1996, 0);
/** The time in the boundaries of a family of bots, the same for years. */
const copied = new Set(["01c6527e"]);
/** A boundary that imitates the digits of Microsoft's without their frame. */
const imitation = /^-{4,6}000-00\d\d-01C[0-9A-F]{5}-[0-9A-F]{8}$/;
/** Times of 2004, which bots copied for years. Programs that people made have boundaries of other old mails in them. */
const widelyCopied = /^01c4/i;
/** A clock may be wrong, a draft may lie; for so many years they do not. */
const mostYears = 1;

export const boundary = defineCheck({
  name: "CHECK_BOUNDARY",
  about: "Looks at the boundaries that mail programs and bots write.",
  stage: "filter",
  group: "mua",
  reads: ["headers", "structure"],
  symbols: {
    SUSPICIOUS_BOUNDARY: { score: 5, about: "The boundary has a time at which Microsoft had no mail program." },
    SUSPICIOUS_BOUNDARY2: { score: 4, about: "The boundary is one that bots copied from each other." },
    SUSPICIOUS_BOUNDARY3: { score: 3, about: "The boundary imitates the digits of a Microsoft mail program." },
    SUSPICIOUS_BOUNDARY4: { score: 4, about: "The boundary is of 2004, and the Date more than a year away." },
    FORGED_MUA_THEBAT_BOUN: {
      score: 2,
      about: "Claims The Bat! of version 1, and the boundary is not one of its.",
      group: "headers",
    },
  },
  run(task, ctx) {
    const text = task.structure.parts[0]?.params.boundary;
    if (text === undefined) return;
    const time = nextPart.exec(text)?.[1];
    if (time === undefined) {
      if (imitation.test(text)) ctx.hit("SUSPICIOUS_BOUNDARY3");
    } else if (copied.has(time.toLowerCase())) ctx.hit("SUSPICIOUS_BOUNDARY2");
    else if (fileTime(time) < firstOutlook) ctx.hit("SUSPICIOUS_BOUNDARY");
    else if (widelyCopied.test(time) && task.headers.date !== null) {
      if (yearsApart(time, task.headers.date) > mostYears) ctx.hit("SUSPICIOUS_BOUNDARY4");
    }
    if (!text.startsWith("----------") && mailerName(task.headers).startsWith("The Bat! (v1")) {
      ctx.hit("FORGED_MUA_THEBAT_BOUN");
    }
  },
});
