// Headers that are worth knowing about and weigh nothing: for composites and classifiers.

import { defineHeaderRules } from "./header-rules.ts";

export const headerMarks = defineHeaderRules(
  {
    name: "CHECK_HEADER_MARKS",
    about: "Notes headers that tell who sent a mail and how, for composites and classifiers.",
    group: "headers",
  },
  {
    HAS_ORG_HEADER: { score: 0, about: "There is an Organization header.", header: ["organization", "organisation"] },
    HAS_XOIP: { score: 0, about: "There is an X-Originating-IP header.", header: "x-originating-ip" },
    HAS_CD_HEADER: { score: 0, about: "There is a Content-Description header.", header: "content-description" },
  },
);
