// Office documents that do more than be read: macros, fields, templates from elsewhere, objects.

import { defineCheck, type Finding } from "../../shared/check.ts";
import { defaultLimits } from "../../shared/message/limits.ts";
import { urlsOfReferences } from "../../shared/message/url.ts";
import type { Url } from "../../shared/task.ts";
import { archivesConfig, documentsConfig, officeConfig, pdfConfig } from "./config.ts";
import { nameOption } from "./option.ts";

/** What the hyperlinks of Office documents lead to. */
export interface OfficeFinding extends Finding {
  readonly urls: readonly Url[];
}

declare module "../../shared/check.ts" {
  interface Findings {
    OFFICE_CHECK: OfficeFinding;
  }
}

export const office = defineCheck({
  name: "OFFICE_CHECK",
  about: "Reads Office documents, in archives too, and looks for what runs, hides or fetches.",
  stage: "filter",
  group: "office",
  reads: ["attachments"],
  cost: "heavy",
  wants: "attachments",
  bringsUrls: true,
  config: { ...archivesConfig, ...documentsConfig, ...officeConfig, ...pdfConfig },
  symbols: {
    OFFICE_MACRO: { score: 1, about: "An Office document has macros." },
    OFFICE_MACRO_AUTORUN: { score: 2, about: "Macros of an Office document run when it is opened." },
    OFFICE_MACRO_SUSPICIOUS: { score: 4, about: "Macros of an Office document start programs or fetch files." },
    OFFICE_ENCRYPTED: { score: 1.5, about: "An Office document is encrypted." },
    OFFICE_DDE: { score: 5, about: "An Office document has a field that starts a program." },
    OFFICE_EXTERNAL_TEMPLATE: { score: 4, about: "An Office document fetches a template or object from elsewhere." },
    OFFICE_EMBEDDED_PROGRAM: { score: 5, about: "An Office document has a program in it." },
    RTF_OBJECT: { score: 0.5, about: "A rich text has an embedded object." },
    RTF_EXPLOIT: { score: 6, about: "A rich text has an object of a kind that is used to attack Word." },
    OFFICE_LIMIT: { score: 0, about: "An Office document was not read to the end: a limit was reached." },
  },
  async run(task, ctx) {
    const urls: Url[] = [];
    if (task.attachments.length === 0) return { urls };
    const { readDocuments } = await import("./documents.ts");
    const { office, unread } = readDocuments(task.attachments, ctx.config);
    for (const { part, filename, found } of office) {
      const options = [nameOption(filename)];
      urls.push(...urlsOfReferences(found.urls, "office", part, defaultLimits));
      if (found.macro) ctx.hit("OFFICE_MACRO", { options });
      if (found.macro && found.autorun !== "")
        ctx.hit("OFFICE_MACRO_AUTORUN", { options: [nameOption(found.autorun)] });
      if (found.suspicious.length > 0) ctx.hit("OFFICE_MACRO_SUSPICIOUS", { options: found.suspicious });
      if (found.encrypted) ctx.hit("OFFICE_ENCRYPTED", { options });
      if (found.dde) ctx.hit("OFFICE_DDE", { options });
      if (found.external !== "") ctx.hit("OFFICE_EXTERNAL_TEMPLATE", { options: [nameOption(found.external)] });
      if (found.program !== "") ctx.hit("OFFICE_EMBEDDED_PROGRAM", { options: [nameOption(found.program)] });
      if (found.object !== "") ctx.hit("RTF_OBJECT", { options: [nameOption(found.object)] });
      if (found.exploit !== "") ctx.hit("RTF_EXPLOIT", { options: [nameOption(found.exploit)] });
      if (found.limited) ctx.hit("OFFICE_LIMIT", { options });
    }
    const left = unread.find(({ kind }) => kind !== "pdf");
    if (left !== undefined) ctx.hit("OFFICE_LIMIT", { options: [nameOption(left.filename)] });
    return { urls };
  },
});
