// Office documents that do more than be read: macros, fields, templates from elsewhere, objects.

import { defineCheck } from "../../shared/check.ts";
import { archivesConfig, officeConfig } from "./config.ts";
import { type Document, examine } from "./examine.ts";
import { readBinaryOffice } from "./office-binary.ts";
import type { OfficeFindings, OfficeLimits } from "./office-findings.ts";
import { readRichText } from "./office-rtf.ts";
import { readXmlOffice } from "./office-xml.ts";
import { nameOption } from "./option.ts";

/** Documents of one message that are read. */
const maxDocuments = 50;

function read({ kind, content }: Document, limits: OfficeLimits): OfficeFindings | null {
  if (kind === "ole") return readBinaryOffice(content, limits);
  if (kind === "ooxml") return readXmlOffice(content, limits);
  return kind === "rtf" ? readRichText(content, limits) : null;
}

export const office = defineCheck({
  name: "OFFICE_CHECK",
  about: "Reads Office documents, in archives too, and looks for what runs, hides or fetches.",
  stage: "filter",
  group: "office",
  reads: ["attachments"],
  cost: "heavy",
  wants: "attachments",
  config: { ...archivesConfig, ...officeConfig },
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
  run(task, ctx) {
    if (task.attachments.length === 0) return;
    const settings = ctx.config.office;
    const limits: OfficeLimits = {
      documentBytes: settings.document_bytes,
      macroBytes: settings.macro_bytes,
      partBytes: settings.part_bytes,
    };
    const { documents } = examine(task.attachments, ctx.config.archives);
    let looked = 0;
    for (const document of documents) {
      if (document.kind === "pdf") continue;
      const options = [nameOption(document.filename)];
      if (looked++ >= maxDocuments) {
        ctx.hit("OFFICE_LIMIT", { options });
        break;
      }
      const found = read(document, limits);
      if (found === null) continue;
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
  },
});
