// Headers that are spelt as no common mail program spells them.

import { defineHeaderRules } from "./header-rules.ts";

/** RFC 5322 asks for no blank behind the colon, yet every mail program writes one. */
const noBlank = /^[^\s]/;

export const headerSpelling = defineHeaderRules(
  {
    name: "CHECK_HEADER_SPELLING",
    about: "Looks for headers that are spelt as no common mail program spells them.",
    group: "headers",
  },
  {
    HEADER_FROM_EMPTY_DELIMITER: {
      score: 1,
      about: "No blank stands between From: and its value.",
      header: "from",
      of: "raw",
      pattern: noBlank,
    },
    HEADER_TO_EMPTY_DELIMITER: {
      score: 1,
      about: "No blank stands between To: and its value.",
      header: "to",
      of: "raw",
      pattern: noBlank,
    },
    HEADER_CC_EMPTY_DELIMITER: {
      score: 1,
      about: "No blank stands between Cc: and its value.",
      header: "cc",
      of: "raw",
      pattern: noBlank,
    },
    HEADER_REPLYTO_EMPTY_DELIMITER: {
      score: 1,
      about: "No blank stands between Reply-To: and its value.",
      header: "reply-to",
      of: "raw",
      pattern: noBlank,
    },
    HEADER_DATE_EMPTY_DELIMITER: {
      score: 1,
      about: "No blank stands between Date: and its value.",
      header: "date",
      of: "raw",
      pattern: noBlank,
    },
    CTE_CASE: {
      score: 0.5,
      about: 'The transfer encoding is spelt "7Bit" or "8Bit".',
      header: "content-transfer-encoding",
      pattern: /^[78]B/,
    },
    MV_CASE: {
      score: 0.5,
      about: 'The header MIME-Version is spelt "Mime-Version".',
      header: "mime-version",
      of: "name",
      pattern: /^Mime-Version/,
    },
    XM_CASE: {
      score: 0.5,
      about: 'The header X-Mailer is spelt "X-mailer".',
      header: "x-mailer",
      of: "name",
      pattern: /^X-mailer/,
    },
    CT_EXTRA_SEMI: {
      score: 1,
      about: "The Content-Type ends with a semicolon.",
      header: "content-type",
      pattern: /;$/,
    },
    STOX_REPLY_TYPE: {
      score: 1,
      about: 'The Content-Type is text/plain with the reply-type "original".',
      header: "content-type",
      pattern: /^text\/plain\b.*;\s{0,9}reply-type=["']?original/i,
    },
  },
);
