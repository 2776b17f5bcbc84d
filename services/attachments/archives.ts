// Archives: what they are, and what stands in the way of looking into them.

import type { ArchiveFlaw } from "../../shared/archive/archive.ts";
import { isArchiveType } from "../../shared/archive/type.ts";
import type { ListedEntry, Listing } from "../../shared/archive/walk.ts";
import { defineCheck } from "../../shared/check.ts";
import { endingOf, isDeceiving } from "../../shared/message/file-name.ts";
import { archivesConfig } from "./config.ts";
import { nameOption } from "./option.ts";
import { everyListing, isProgram } from "./program.ts";

/** Extensions of archives that are no surprise as attachments. */
const archiveExtensions = new Set(
  "7z ace arj bz2 cab gz img iso lz lzh lzma rar tar tbz tgz txz udf wim xz z zip zst".split(" "),
);
/** Of the volumes of a rar: the first has the usual name, or "part1" before it. */
const rarNames = /\.(?:rar|rev|cbr|r\d\d|\d{3})$/i;
/** Volumes that any splitter makes. */
const genericVolume = /\.\d{3}$/;
/** Unpacked bytes for a packed byte: what 7-zip reaches on a disc that is empty but for a small program. */
const discRatio = 500;

/** How sure it is that nobody but the recipient can read it: no names at all may have other reasons. */
const unreadable = 0.5;

/** Two directories that do not agree show one file to a filter and another to a reader. */
const deceivingFlaws: readonly ArchiveFlaw[] = ["disagree", "hidden", "overlap"];

function isEncrypted({ entries, flaws }: Listing): boolean {
  return flaws.includes("encrypted-names") || entries.some((entry) => entry.encrypted);
}

function isArchive(entry: ListedEntry): boolean {
  if (entry.directory) return false;
  return (
    (entry.inside !== null && entry.inside.kind !== "mail") ||
    isArchiveType(entry.detected, entry.name) ||
    archiveExtensions.has(endingOf(entry.name).last)
  );
}

/** A name that leads out of the folder into which an archive is unpacked. */
function leavesFolder(name: string): boolean {
  return name.includes("..") && /(?:^|[/\\:])\.\.(?:[/\\]|$)/.test(name);
}

/** A tar that is packed as a whole is one archive in two layers; in a mail an archive is no surprise. */
const packers: ReadonlySet<string> = new Set(["gzip", "zstd", "bzip2", "xz", "tnef", "mail"]);

function mayHoldArchive(listing: Listing): boolean {
  return packers.has(listing.kind);
}

export const archives = defineCheck({
  name: "ARCHIVE_CHECK",
  about: "Opens archives and looks for what hides: encryption, archives within, names that deceive.",
  stage: "filter",
  group: "mime_types",
  reads: ["attachments"],
  cost: "heavy",
  wants: "attachments",
  config: archivesConfig,
  symbols: {
    MIME_ENCRYPTED_ARCHIVE: { score: 2, about: "An archive is encrypted, or cannot be read." },
    MIME_OBFUSCATED_ARCHIVE: { score: 2, about: "An archive has names that deceive, or lists its files in two ways." },
    MIME_ARCHIVE_IN_ARCHIVE: { score: 5, about: "An archive lies in an archive." },
    MIME_EXE_IN_GEN_SPLIT_RAR: { score: 5, about: "A rar in volumes named .001, .002 holds a program." },
    MISIDENTIFIED_RAR: { score: 4, about: "A rar has the name of something else.", group: "malware" },
    UDF_COMPRESSION_500PLUS: {
      score: 9,
      about: "A disc image in an archive is compressed 500 times: a program, blown up to pass scanners.",
      group: "malware",
    },
    ARCHIVE_LIMIT: { score: 0.5, about: "Archives were not opened to the end: a limit was reached." },
  },
  async run(task, ctx) {
    if (task.attachments.length === 0) return;
    // Loaded with the first attachment: what reads archives and documents is a lot of code.
    const { examine } = await import("./examine.ts");
    const found = examine(task.attachments, ctx.config.archives);
    if (found.limits.length > 0) ctx.hit("ARCHIVE_LIMIT", { options: [...found.limits].sort() });
    for (const { filename, listing } of found.archives) {
      const option = { options: [nameOption(filename)] };
      if (
        listing.kind === "rar" &&
        filename !== "" &&
        !rarNames.test(filename) &&
        !listing.flaws.includes("prepended")
      ) {
        ctx.hit("MISIDENTIFIED_RAR", option);
      }
      for (const inner of everyListing(listing)) {
        if (isEncrypted(inner)) ctx.hit("MIME_ENCRYPTED_ARCHIVE", option);
        else if (inner.flaws.includes("unreadable"))
          ctx.hit("MIME_ENCRYPTED_ARCHIVE", { ...option, factor: unreadable });
        if (
          inner.flaws.some((flaw) => deceivingFlaws.includes(flaw)) ||
          inner.entries.some(({ name }) => isDeceiving(name) || leavesFolder(name))
        ) {
          ctx.hit("MIME_OBFUSCATED_ARCHIVE", option);
        }
        const archive = mayHoldArchive(inner) ? undefined : inner.entries.find(isArchive);
        if (archive !== undefined) ctx.hit("MIME_ARCHIVE_IN_ARCHIVE", { options: [nameOption(archive.name)] });
        const disc = inner.entries.find(isBlownUpDisc);
        if (disc !== undefined) ctx.hit("UDF_COMPRESSION_500PLUS", { options: [nameOption(disc.name)] });
        if (inner.kind === "rar" && genericVolume.test(filename) && inner.entries.some(isProgram)) {
          ctx.hit("MIME_EXE_IN_GEN_SPLIT_RAR", option);
        }
      }
    }
  },
});

function isBlownUpDisc({ name, size, packed }: ListedEntry): boolean {
  return packed > 0 && size / packed >= discRatio && /\.(?:img|iso|udf|vhdx?)$/i.test(name);
}
