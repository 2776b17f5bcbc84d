// Texts that are but a link.

import { defineCheck } from "../../shared/check.ts";

/** From this share of the text on; in full when all of it is links. */
const least = 0.8;

export const urlOnly = defineCheck({
  name: "CHECK_URL_ONLY",
  about: "Looks for texts that consist of links.",
  stage: "filter",
  group: "hfilter",
  reads: ["text", "urls"],
  symbols: {
    HFILTER_URL_ONLY: { score: 2.2, about: "More than four fifths of the text are links; in full when all of it is." },
    HFILTER_URL_ONELINE: { score: 2.5, about: "The text is one line, and that a link." },
  },
  run(task, ctx) {
    const body = task.text.find(({ text }) => text.length > 0);
    if (body === undefined || task.urls.length === 0) return;
    const text = body.text.trim();
    let links = 0;
    for (const url of task.urls) {
      if (url.part === body.part && url.origin === "text") links += url.raw.length * url.count;
    }
    if (links === 0 || text.length === 0) return;
    const share = Math.min(1, links / text.length);
    if (share <= least) return;
    ctx.hit("HFILTER_URL_ONLY", { factor: (share - least) / (1 - least), options: [share.toFixed(2)] });
    if (!text.includes("\n")) ctx.hit("HFILTER_URL_ONELINE");
  },
});
