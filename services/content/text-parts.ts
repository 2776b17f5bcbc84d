// The texts of a message: how they are encoded, and whether they say the same.

import { isAscii } from "node:buffer";
import { type Context, defineCheck } from "../../shared/check.ts";
import type { Html, Part, Text } from "../../shared/task.ts";
import { countWords, wordDistance } from "./word-distance.ts";

const symbols = {
  R_PARTS_DIFFER: { score: 1, about: "Text and HTML do not say the same.", group: "body" },
  MIME_BASE64_TEXT: { score: 0.1, about: "A text is encoded in base64.", group: "mime" },
  MIME_BASE64_TEXT_BOGUS: {
    score: 1,
    about: "A text is encoded in base64 without need: it is all ASCII.",
    group: "mime",
  },
  R_MISSING_CHARSET: { score: 0.5, about: "A text beyond 7 bits does not name its charset." },
  SINGLE_SHORT_PART: { score: 0, about: "The message is one text of less than 64 bytes." },
};
type Ctx = Context<keyof typeof symbols, never, unknown>;

/** Words of either text that are compared. */
const mostWords = 1_000;
/** Words of both below which a difference says little. */
const fewWords = 30;
const someDifference = 0.5;
const shortPart = 64;

function compare(parts: readonly Part[], texts: readonly Text[], ctx: Ctx): void {
  for (const alternative of parts) {
    if (alternative.type !== "multipart/alternative") continue;
    const children = texts.filter(({ part }) => isWithin(parts, part, alternative.id));
    const plain = children.find((text) => !text.html);
    const html = children.find((text) => text.html);
    if (plain === undefined || html === undefined) continue;
    const one = countWords(plain.text, mostWords);
    const other = countWords(html.text, mostWords);
    if (one.total === 0 || other.total === 0) continue;
    // Of texts that were cut only their beginnings can be compared.
    const distance = wordDistance(one.counts, other.counts);
    if (distance < someDifference) continue;
    const sure = one.total + other.total > fewWords ? 2 : 1;
    ctx.hit("R_PARTS_DIFFER", {
      factor: (distance - someDifference) * sure,
      options: [`${(distance * 100).toFixed(1)}%`],
    });
  }
}

function isWithin(parts: readonly Part[], id: number, outer: number): boolean {
  for (let at = parts[id]?.parent ?? -1; at >= outer; at = parts[at]?.parent ?? -1) if (at === outer) return true;
  return false;
}

/** The characters that were encoded: a page's text has others, by its entities. */
function asSent(part: number, text: string, html: readonly Html[]): Buffer {
  return Buffer.from(html.find((page) => page.part === part)?.source ?? text);
}

function lacksCharset({ type, params, encoding, size }: Part): boolean {
  return type === "text/plain" && size > 0 && !params.charset && encoding !== "" && encoding !== "7bit";
}

export const textParts = defineCheck({
  name: "CHECK_TEXT_PARTS",
  about: "Looks at how texts are encoded, and whether they say the same.",
  stage: "filter",
  group: "headers",
  reads: ["structure", "text", "html"],
  symbols,
  run(task, ctx) {
    const { parts } = task.structure;
    for (const { part: id, text, charset } of task.text) {
      const part = parts[id];
      if (part === undefined || part.size === 0) continue;
      if (part.encoding === "base64") {
        ctx.hit("MIME_BASE64_TEXT");
        // UTF-16 and the like are no bytes of ASCII, whatever they say.
        if (!/^(?:utf-?(?:7|16|32)|ucs-|hz-)/.test(charset) && isAscii(asSent(id, text, task.html))) {
          ctx.hit("MIME_BASE64_TEXT_BOGUS");
        }
      }
      if (lacksCharset(part)) ctx.hit("R_MISSING_CHARSET");
    }
    if (task.text.length > 1) compare(parts, task.text, ctx);
    const [only, more] = parts.filter((part) => !part.type.startsWith("multipart/"));
    if (only !== undefined && more === undefined && only.type.startsWith("text/") && only.size < shortPart) {
      ctx.hit("SINGLE_SHORT_PART");
    }
  },
});
