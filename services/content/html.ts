// What HTML parts do that plain letters do not: hide text, fetch styles, jump elsewhere, show one picture and no word.

import { defineCheck } from "../../shared/check.ts";
import type { Html, Image } from "../../shared/task.ts";

/** Factor by number of blocks, the last one from there on (R 3.16). One hidden preview text is usual in newsletters. */
const zeroFontFactors = [0, 0.1, 0.2, 0.2, 0.3, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 1];
const invisibleFactors = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1];

function factorOf(count: number, factors: readonly number[]): number {
  return factors[Math.min(count, factors.length - 1)] ?? 1;
}

/** Below so many characters that a reader sees, with a linked picture that came along. Newsletters fetch theirs. */
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

/** Width and height together of a picture that says as much as a word for each hundredth of it (R 3.16). Smaller ones are
 *  ornaments, larger ones photographs. */
const smallestWord = 100;
const largestWord = 3000;
const pixelsPerWord = 100;
/** Letters of a word, with the blank behind it. */
const wordLength = 6;
const manyPictures = 0.5;

/** Data in the source (RFC 2397), with the parameters of its type. */
const dataUri = /data:([a-z]{1,20}\/[a-z0-9.+-]{1,80})(?:;[^;,"'<>\s]{1,80}){0,3};base64,/gi;
/** Data URIs of a page that are looked at. */
const mostData = 100;

function sizeOf(image: Image): number {
  return image.width + image.height;
}

/** Share of the text that has the colour of its background. */
function hiddenByColour({ hidden, visible }: Html): number {
  const all = hidden.colour + visible;
  return all === 0 ? 0 : hidden.colour / all;
}

/** Share of what a page says that it says in linked pictures, in words. */
function shareOfPictures({ images, visible }: Html): number {
  let pictures = 0;
  for (const image of images) {
    const size = sizeOf(image);
    if (image.linked && size > smallestWord && size < largestWord) pictures += size / pixelsPerWord;
  }
  return pictures === 0 ? 0 : pictures / (pictures + visible / wordLength);
}

/** Types of the data in a page, in lower case. */
function dataTypes(source: string): ReadonlySet<string> {
  const types = new Set<string>();
  if (!/;base64,/i.test(source)) return types;
  let count = 0;
  for (const [, type = ""] of source.matchAll(dataUri)) {
    types.add(type.toLowerCase());
    if (++count >= mostData) break;
  }
  return types;
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
    R_SUSPICIOUS_IMAGES: { score: 5, about: "The page says more in linked pictures than in words." },
    HAS_DATA_URI: { score: 0, about: "The HTML holds data in a URI.", group: "HTML" },
    DATA_URI_OBFU: { score: 2, about: "The HTML holds a text or another page in a URI.", group: "HTML" },
    HTML_SHORT_LINK_IMG_1: {
      score: 2,
      about: "A linked picture in the message, and less than 1,024 characters of text.",
    },
    HTML_SHORT_LINK_IMG_2: {
      score: 1,
      about: "A linked picture in the message, and less than 1,536 characters of text.",
    },
    HTML_SHORT_LINK_IMG_3: {
      score: 0.5,
      about: "A linked picture in the message, and less than 2,048 characters of text.",
    },
  },
  run(task, ctx) {
    for (const page of task.html) {
      const { hiddenBlocks, images, visible } = page;
      if (page.refresh !== "") ctx.hit("HTML_META_REFRESH_URL");
      if (page.stylesheets.length > 0) ctx.hit("EXT_CSS");
      if (hiddenBlocks.font > 0)
        ctx.hit("ZERO_FONT", {
          factor: factorOf(hiddenBlocks.font, zeroFontFactors),
          options: [String(hiddenBlocks.font)],
        });
      const invisible = hiddenBlocks.display;
      if (invisible > 0)
        ctx.hit("MANY_INVISIBLE_PARTS", {
          factor: factorOf(invisible, invisibleFactors),
          options: [String(invisible)],
        });
      const share = hiddenByColour(page);
      if (share > someHidden) ctx.hit("R_WHITE_ON_WHITE", { factor: Math.min(0.5, share) * 2 });
      if (visible < noText && images.some((image) => !image.linked && sizeOf(image) >= largeAlone)) {
        ctx.hit("R_EMPTY_IMAGE");
      }
      const pictures = shareOfPictures(page);
      if (pictures > manyPictures) ctx.hit("R_SUSPICIOUS_IMAGES", { factor: (pictures - manyPictures) * 2 });
      const data = dataTypes(page.source);
      if (data.size > 0) ctx.hit("HAS_DATA_URI");
      if (data.has("text/plain") || data.has("text/html")) ctx.hit("DATA_URI_OBFU");
      const short = shortLinks.find(([length]) => visible < length);
      if (short && images.some((image) => image.linked && image.embedded && sizeOf(image) >= largeLink)) {
        ctx.hit(short[1]);
      }
    }
  },
});
