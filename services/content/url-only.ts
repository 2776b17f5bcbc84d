// Texts that are but a link.

import { defineCheck } from "../../shared/check.ts";
import type { Facts } from "../../shared/task.ts";

/** From this share of the text on; in full when all of it is links. */
const least = 0.8;

/** A link's text that is the link itself. */
const written = /^\s{0,8}(?:https?:\/\/|www\.)\S{1,2048}\s{0,8}$/i;

/** Characters of a text that are URLs, as a reader sees it. */
function linkUnits(part: number, { urls, html }: Pick<Facts, "urls" | "html">): number {
  let units = 0;
  for (const url of urls) if (url.part === part && url.origin === "text") units += url.raw.length * url.count;
  for (const page of html) {
    if (page.part !== part) continue;
    for (const { text } of page.links) if (written.test(text)) units += text.trim().length;
  }
  return units;
}

export const urlOnly = defineCheck({
  name: "CHECK_URL_ONLY",
  about: "Looks for texts that consist of links.",
  stage: "filter",
  group: "hfilter",
  reads: ["text", "html", "urls"],
  symbols: {
    HFILTER_URL_ONLY: { score: 2.2, about: "More than four fifths of the text are links; in full when all of it is." },
    HFILTER_URL_ONELINE: { score: 2.5, about: "The text is one line, and that a link." },
  },
  run(task, ctx) {
    if (task.urls.length === 0) return;
    const texts = task.text.filter(({ text }) => text.length > 0);
    // What a reader sees is the page: beside one, the plain text holds the long targets of its buttons (R 3.9).
    const body = texts.find(({ html }) => html) ?? texts[0];
    if (body === undefined) return;
    const text = body.text.trim();
    const links = linkUnits(body.part, task);
    if (links === 0 || text.length === 0) return;
    const share = Math.min(1, links / text.length);
    if (share <= least) return;
    ctx.hit("HFILTER_URL_ONLY", { factor: (share - least) / (1 - least), options: [share.toFixed(2)] });
    if (!text.includes("\n")) ctx.hit("HFILTER_URL_ONELINE");
  },
});
