// What HTML parts do that plain letters do not: hide text, fetch styles, jump elsewhere, show one picture and no word.

import { defineCheck } from "../../shared/check.ts";
import type { Html, Image } from "../../shared/task.ts";

/** Factor by number of blocks, the last one from there on (R 3.16). One hidden preview text is usual in newsletters. */
const zeroFontFactors = [0, 0.1, 0.2, 0.2, 0.3, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1];
const invisibleFactors = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1];

function factorOf(count: number, factors: readonly number[]): number {
  return factors[Math.min(count, factors.length - 1)] ?? 1;
}

/** Below so many characters that a reader sees, with a linked picture. */
const shortLinks = [
  [1024, "HTML_SHORT_LINK_IMG_1"],
  [1536, "HTML_SHORT_LINK_IMG_2"],
  [2048, "HTML_SHORT_LINK_IMG_3"],
] as const;

/** Width and height together, in pixels, of a picture that can carry the message. */
const largeLink = 210;
const largeAlone = 400;
/** Characters; less text than this is none. */
const noText = 50;
/** Share of text in the background's colour that may be an accident. */
const someHidden = 0.1;

function sizeOf(image: Image): number {
  return image.width + image.height;
}

/** Share of the text that has the colour of its background. */
function hiddenByColour({ hidden, visible }: Html): number {
  const all = hidden.colour + visible;
  return all === 0 ? 0 : hidden.colour / all;
}

export const html = defineCheck({
  name: "HTML_CHECK",
  about: "Looks for hidden text, and for HTML that is all picture and link.",
  stage: "filter",
  group: "html",
  reads: ["html"],
  symbols: {
    HTML_META_REFRESH_URL: { score: 5, about: "The HTML jumps to another page by itself.", group: "HTML" },
    EXT_CSS: { score: 1, about: "The HTML loads a style sheet." },
    ZERO_FONT: { score: 1, about: "Text is set in a font of no size; in full from 11 blocks." },
    MANY_INVISIBLE_PARTS: { score: 1, about: "Blocks of text are hidden by style; in full from 10 blocks." },
    R_WHITE_ON_WHITE: { score: 4, about: "More than a tenth of the text has the colour of its background." },
    R_EMPTY_IMAGE: { score: 2, about: "A large picture that is no link, and next to no text." },
    HTML_SHORT_LINK_IMG_1: { score: 2, about: "A linked picture with less than 1,024 characters of text." },
    HTML_SHORT_LINK_IMG_2: { score: 1, about: "A linked picture with less than 1,536 characters of text." },
    HTML_SHORT_LINK_IMG_3: { score: 0.5, about: "A linked picture with less than 2,048 characters of text." },
  },
  run(task, ctx) {
    for (const page of task.html) {
      const { hiddenBlocks, images, visible } = page;
      if (page.refresh !== "") ctx.hit("HTML_META_REFRESH_URL");
      if (page.stylesheets.length > 0) ctx.hit("EXT_CSS");
      if (hiddenBlocks.font > 0) ctx.hit("ZERO_FONT", { factor: factorOf(hiddenBlocks.font, zeroFontFactors) });
      const invisible = hiddenBlocks.display;
      if (invisible > 0) ctx.hit("MANY_INVISIBLE_PARTS", { factor: factorOf(invisible, invisibleFactors) });
      const share = hiddenByColour(page);
      if (share > someHidden) ctx.hit("R_WHITE_ON_WHITE", { factor: Math.min(0.5, share) * 2 });
      if (visible < noText && images.some((image) => !image.linked && sizeOf(image) >= largeAlone)) {
        ctx.hit("R_EMPTY_IMAGE");
      }
      const short = shortLinks.find(([length]) => visible < length);
      if (short && images.some((image) => image.linked && sizeOf(image) >= largeLink)) ctx.hit(short[1]);
    }
  },
});
