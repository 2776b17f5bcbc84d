// What the name of a file tells and hides.

/** Characters that change how a name looks: NUL, direction marks, joiners and blanks of no width. */
const deceiving = /[\0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;
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
  // Many programs end a name at a NUL.
  const nul = filename.indexOf("\0");
  const seen = nul > 0 && filename.lastIndexOf(".", nul) > 0 ? filename.slice(0, nul) : filename;
  // Behind a colon stands the name of a stream, which Windows takes for part of the file; and a "/" ends folders.
  const name = seen
    .slice(-longest)
    .replace(deceivingAll, "")
    .toLowerCase()
    .replace(/[/\\]+$|:[^.:/\\]{0,64}(?::\$data)?$/, "");
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
