// Names inside archives: programs, dangerous and doubled extensions, and bait to open them.

import { defineCheck } from "../../shared/check.ts";
import { endingOf, isTrustedExtension } from "../../shared/message/file-name.ts";
import { mimeTypesConfig } from "../../shared/message/mime-types-config.ts";
import { archivesConfig } from "./config.ts";
import { nameOption } from "./option.ts";
import { everyListing, isProgram } from "./program.ts";

type Weights = Readonly<Record<string, number>>;

function weightOf(extension: string, ...tables: readonly Weights[]): number {
  let most = 0;
  for (const table of tables) if (Object.hasOwn(table, extension)) most = Math.max(most, table[extension] ?? 0);
  return most;
}

/** Words of a text in lower case; letters of any script. */
function hasBait(text: string, bait: ReadonlySet<string>): boolean {
  for (const word of text
    .slice(0, 1000)
    .toLowerCase()
    .split(/[^\p{L}]+/u))
    if (bait.has(word)) return true;
  return false;
}

export const archiveNames = defineCheck({
  name: "ARCHIVE_NAMES_CHECK",
  about: "Looks at the names of files in archives, however deep.",
  stage: "filter",
  group: "malware",
  reads: ["attachments", "headers", "structure"],
  cost: "heavy",
  wants: "attachments",
  config: { ...archivesConfig, ...mimeTypesConfig },
  symbols: {
    EXE_IN_ARCHIVE: { score: 1.5, about: "An archive holds a program." },
    EXE_IN_MISIDENTIFIED_RAR: { score: 5, about: "A rar with the name of something else holds a program." },
    SINGLE_FILE_ARCHIVE_WITH_EXE: { score: 5, about: "A program is the only file of an archive." },
    EXE_ARCHIVE_CLICKBAIT_FILENAME: { score: 9, about: "An archive with a program has a name that asks to be opened." },
    EXE_ARCHIVE_CLICKBAIT_SUBJECT: { score: 9, about: "The subject asks to open an archive, which holds a program." },
    ARCHIVE_BAD_EXTENSION: {
      score: 2,
      about: "A file in an archive, or in a text, has a dangerous extension.",
      group: "mime_types",
      factor: 8,
    },
    ARCHIVE_DOUBLE_BAD_EXTENSION: {
      score: 3,
      about: "In an archive a dangerous extension hides behind a harmless one.",
      group: "mime_types",
      factor: 8,
    },
  },
  async run(task, ctx) {
    if (task.attachments.length === 0) return;
    const { examine } = await import("./examine.ts");
    const found = examine(task.attachments, ctx.config.archives);
    const bait = new Set(ctx.config.archives.clickbait.map((word) => word.toLowerCase()));
    // Each extension once: an archive may have thousands of files.
    const seen = new Set<string>();
    const judge = (name: string) => {
      const { last, before } = endingOf(name);
      if (last === "") return;
      const factor = weightOf(last, ctx.config.mime_types.bad_extensions, ctx.config.archives.bad_extensions);
      if (factor === 0) return;
      const doubled = isTrustedExtension(before);
      const option = doubled ? `.${before}.${last}` : last;
      if (seen.has(option)) return;
      seen.add(option);
      ctx.hit(doubled ? "ARCHIVE_DOUBLE_BAD_EXTENSION" : "ARCHIVE_BAD_EXTENSION", { factor, options: [option] });
    };
    // A file in a text (uuencode) has another name than its part, which other checks look at.
    for (const { part, filename } of task.attachments) {
      if (filename !== "" && filename !== task.structure.parts[part]?.filename) judge(filename);
    }
    for (const { filename, listing } of found.archives) {
      const misnamed = listing.kind === "rar" && filename !== "" && !/\.(?:rar|r\d\d|\d{3}|exe)$/i.test(filename);
      for (const inner of everyListing(listing)) {
        for (const entry of inner.entries) if (!entry.directory) judge(entry.name);
        const program = inner.entries.find(isProgram);
        if (program === undefined) continue;
        const option = { options: [nameOption(program.name)] };
        ctx.hit("EXE_IN_ARCHIVE", option);
        if (misnamed) ctx.hit("EXE_IN_MISIDENTIFIED_RAR", option);
        if (hasBait(filename, bait)) ctx.hit("EXE_ARCHIVE_CLICKBAIT_FILENAME", { options: [nameOption(filename)] });
        else if (hasBait(task.headers.subject ?? "", bait)) ctx.hit("EXE_ARCHIVE_CLICKBAIT_SUBJECT", option);
        if (inner.entries.filter(({ directory, alias }) => !directory && alias !== true).length === 1) {
          ctx.hit("SINGLE_FILE_ARCHIVE_WITH_EXE", option);
        }
      }
    }
  },
});
