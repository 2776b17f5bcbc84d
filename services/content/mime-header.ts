// The MIME headers of the message against each other.

import { defineCheck } from "../../shared/check.ts";

const others = new Set(["mime-version", "content-transfer-encoding", "content-disposition"]);

export const mimeHeader = defineCheck({
  name: "CHECK_MIME_HEADER",
  about: "Looks for a Content-Type that stands alone.",
  stage: "filter",
  group: "headers",
  reads: ["headers", "structure"],
  symbols: {
    MIME_HEADER_CTYPE_ONLY: { score: 2, about: "Of the MIME headers there is only a Content-Type, and no plain one." },
  },
  run(task, ctx) {
    const { headers, structure } = task;
    const root = structure.parts[0];
    if (root?.declared !== true || root.type === "text/plain") return;
    if (!headers.fields.some(({ key }) => others.has(key))) ctx.hit("MIME_HEADER_CTYPE_ONLY");
  },
});
