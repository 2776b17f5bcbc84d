// File names of the parts: their extensions, and characters that hide them.

import { defineCheck } from "../../shared/check.ts";
import { endingOf, isDeceiving, isTrustedExtension } from "../../shared/message/file-name.ts";
import { mimeTypesConfig } from "../../shared/message/mime-types-config.ts";

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
      if (isDeceiving(filename)) ctx.hit("MIME_BAD_UNICODE");
      const { last, before } = endingOf(filename);
      if (last === "") continue;
      const factor = lookup(bad, last);
      if (factor !== undefined && factor > 0) {
        if (isTrustedExtension(before))
          ctx.hit("MIME_DOUBLE_BAD_EXTENSION", { factor, options: [`.${before}.${last}`] });
        else ctx.hit("MIME_BAD_EXTENSION", { factor, options: [last] });
      }
      const types = lookup(expected, last);
      // RFC 2046, 4.5.1: octet-stream says that the program does not know the type, not that it is another.
      if (types !== undefined && type !== "application/octet-stream" && !types.includes(type)) {
        ctx.hit("MIME_BAD_ATTACHMENT", { options: [`${last}:${type}`] });
      }
    }
  },
});
