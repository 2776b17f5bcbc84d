// File names of the parts: their extensions, and characters that hide them.

import { defineCheck } from "../../shared/check.ts";
import { mimeTypesConfig } from "./mime-types-config.ts";

/** Characters that change how a name looks: direction marks, joiners and blanks of no width. */
const deceiving = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;
const deceivingAll = new RegExp(deceiving.source, "g");

/** Longest end of a name that is looked at. */
const longest = 255;

/** The last extension and the one before it, in lower case, "" without. Blanks and dots at the end, and blanks around an
 *  extension, are what Windows ignores and readers overlook. */
function extensionsOf(filename: string): { readonly last: string; readonly before: string } {
  const name = filename.slice(-longest).replace(deceivingAll, "").toLowerCase();
  const words = name.split(".").map((word) => word.trim());
  while (words.length > 1 && words.at(-1) === "") words.pop();
  return {
    last: words.length > 1 ? (words.at(-1) ?? "") : "",
    before: words.length > 2 ? (words.at(-2) ?? "") : "",
  };
}

/** Extensions of what people open without fear: one before a dangerous extension is a disguise. */
const trusted = new Set(
  "bmp csv doc docx eml gif htm html jpeg jpg mp3 mp4 odp ods odt pdf png ppt pptx rtf tif tiff txt wav xls xlsx xml zip".split(
    " ",
  ),
);

function lookup<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

export const extensions = defineCheck({
  name: "MIME_EXTENSIONS_CHECK",
  about: "Looks for dangerous file names.",
  stage: "filter",
  group: "mime_types",
  reads: ["structure"],
  config: mimeTypesConfig,
  symbols: {
    MIME_BAD_EXTENSION: { score: 2, about: "A part has a file name with a dangerous extension.", factor: 8 },
    MIME_DOUBLE_BAD_EXTENSION: { score: 3, about: "A dangerous extension hides behind a harmless one.", factor: 8 },
    MIME_BAD_ATTACHMENT: { score: 4, about: "The type of a part does not fit its file name." },
    MIME_BAD_UNICODE: { score: 2, about: "A file name has invisible characters or turns its direction." },
  },
  run(task, ctx) {
    const { bad_extensions: bad, extension_map: expected } = ctx.config.mime_types;
    for (const { filename, type } of task.structure.parts) {
      if (filename === "") continue;
      if (deceiving.test(filename)) ctx.hit("MIME_BAD_UNICODE");
      const { last, before } = extensionsOf(filename);
      if (last === "") continue;
      const factor = lookup(bad, last);
      if (factor !== undefined && factor > 0) {
        if (trusted.has(before)) ctx.hit("MIME_DOUBLE_BAD_EXTENSION", { factor, options: [`.${before}.${last}`] });
        else ctx.hit("MIME_BAD_EXTENSION", { factor, options: [last] });
      }
      const types = lookup(expected, last);
      if (types !== undefined && !types.includes(type)) {
        ctx.hit("MIME_BAD_ATTACHMENT", { options: [`${last}:${type}`] });
      }
    }
  },
});
