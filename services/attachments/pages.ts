// Pages and drawings among the attachments, in archives too.

import { defineCheck, type Finding } from "../../shared/check.ts";
import { defaultLimits } from "../../shared/message/limits.ts";
import { urlsOfReferences } from "../../shared/message/url.ts";
import type { Url } from "../../shared/task.ts";
import { archivesConfig } from "./config.ts";
import { nameOption } from "./option.ts";

/** What pages that are files lead to. */
export interface PagesFinding extends Finding {
  readonly urls: readonly Url[];
}

declare module "../../shared/check.ts" {
  interface Findings {
    PAGES_CHECK: PagesFinding;
  }
}

/** Files that are read. */
const maxPages = 20;

export const pages = defineCheck({
  name: "PAGES_CHECK",
  about: "Reads HTML and SVG files, in archives too, and looks for scripts that hide a file, and for what they ask.",
  stage: "filter",
  group: "malware",
  reads: ["attachments"],
  cost: "heavy",
  wants: "attachments",
  bringsUrls: true,
  config: archivesConfig,
  symbols: {
    HTML_FILE_SMUGGLING: { score: 4, about: "A script of an HTML file holds another file and has it saved." },
    HTML_FILE_OBFUSCATED: { score: 3, about: "A script of an HTML file runs or writes what it decodes." },
    HTML_FILE_PASSWORD: { score: 3, about: "An HTML file asks for a password." },
    SVG_FILE_SCRIPT: { score: 4, about: "A drawing has a script." },
    HTML_FILE_LIMIT: { score: 0, about: "HTML files were not read to the end: a limit was reached." },
  },
  async run(task, ctx) {
    const urls: Url[] = [];
    if (task.attachments.length === 0) return { urls };
    const { examine } = await import("./examine.ts");
    const { pages: found } = examine(task.attachments, ctx.config.archives);
    if (found.length === 0) return { urls };
    const { allPageBytes, readPage } = await import("./page.ts");
    let left = allPageBytes;
    for (const [at, page] of found.entries()) {
      const options = [nameOption(page.filename)];
      if (left <= 0 || at >= maxPages) {
        ctx.hit("HTML_FILE_LIMIT", { options });
        break;
      }
      const read = readPage(page, left);
      left -= page.content.length;
      urls.push(...urlsOfReferences(read.urls, "html", page.part, defaultLimits));
      if (read.smuggling) ctx.hit("HTML_FILE_SMUGGLING", { options });
      if (read.obfuscated) ctx.hit("HTML_FILE_OBFUSCATED", { options });
      if (read.password) ctx.hit("HTML_FILE_PASSWORD", { options });
      if (read.drawingScript) ctx.hit("SVG_FILE_SCRIPT", { options });
      if (read.limited) ctx.hit("HTML_FILE_LIMIT", { options });
    }
    return { urls };
  },
});
