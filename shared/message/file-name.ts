// What the name of a file tells and hides.

/** Characters that change how a name looks: direction marks, joiners and blanks of no width. */
const deceiving = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;
const deceivingAll = new RegExp(deceiving.source, "g");

/** Longest end of a name that is looked at. */
const longest = 255;

export interface Ending {
  /** The last extension in lower case, without its dot; "" without. */
  readonly last: string;
  /** The one before it. */
  readonly before: string;
}

/** Blanks and dots at the end, and blanks around an extension, are what Windows ignores and readers overlook. */
export function endingOf(filename: string): Ending {
  const name = filename.slice(-longest).replace(deceivingAll, "").toLowerCase();
  const words = name.split(".").map((word) => word.trim());
  while (words.length > 1 && words.at(-1) === "") words.pop();
  return {
    last: words.length > 1 ? (words.at(-1) ?? "") : "",
    before: words.length > 2 ? (words.at(-2) ?? "") : "",
  };
}

export function isDeceiving(filename: string): boolean {
  return deceiving.test(filename);
}

const trusted = new Set(
  "bmp csv doc docx eml gif htm html jpeg jpg mp3 mp4 odp ods odt pdf png ppt pptx rtf tif tiff txt wav xls xlsx xml zip".split(
    " ",
  ),
);

/** Extensions of what people open without fear: one before a dangerous extension is a disguise. */
export function isTrustedExtension(extension: string): boolean {
  return trusted.has(extension);
}
