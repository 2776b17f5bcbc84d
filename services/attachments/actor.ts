import { defineActor } from "../../shared/actor.ts";
import { mimeTypesConfig } from "../../shared/message/mime-types-config.ts";
import { archiveNames } from "./archive-names.ts";
import { archives } from "./archives.ts";
import { archivesConfig, documentsConfig, officeConfig, pdfConfig } from "./config.ts";
import { office } from "./office.ts";
import { pages } from "./pages.ts";
import { pdf } from "./pdf.ts";
import { qr } from "./qr/check.ts";
import { qrConfig } from "./qr/config.ts";

export default defineActor({
  name: "attachments",
  about: "What hides in attachments: archives, Office documents, PDF files, pictures.",
  checks: [archives, archiveNames, office, pages, pdf, qr],
  config: { ...archivesConfig, ...documentsConfig, ...officeConfig, ...pdfConfig, ...qrConfig, ...mimeTypesConfig },
  slots: 16,
  deadline: 5_000,
  reaches: [],
});
