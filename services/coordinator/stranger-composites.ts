// Composites of our own: marks that mean little alone and much together, of mail that comes from nobody one knows. A
// list, or a sender who says how to leave it, is not a stranger.

import type { DefaultComposite } from "./default-composites.ts";

const known = "(MAILLIST | HAS_LIST_UNSUB | FORWARDED)";
const freemail = "(FREEMAIL_FROM | FREEMAIL_REPLYTO)";

export const strangerComposites: Readonly<Record<string, DefaultComposite>> = {
  STRANGER_HTML_ONLY: {
    expression: `MIME_HTML_ONLY & (${freemail} | FROM_NO_DN) & !${known}`,
    score: 1.5,
    policy: "leave",
    description: "HTML without a text part from a freemail address or a sender without a name.",
  },
  STRANGER_NAMELESS: {
    expression: `${freemail} & FROM_NO_DN & !${known}`,
    score: 1.5,
    policy: "leave",
    description: "From a freemail address whose owner gives no name.",
  },
  STRANGER_EXCLAIMS: {
    expression: `(SUBJECT_ENDS_EXCLAIM | SUBJECT_HAS_EXCLAIM) & !${known}`,
    score: 1,
    policy: "leave",
    description: "The subject exclaims.",
  },
  STRANGER_MANY_FREEMAIL: {
    expression: "(FREEMAIL_TO | FREEMAIL_CC) & (RCPT_COUNT_FIVE | RCPT_COUNT_SEVEN | RCPT_COUNT_TWELVE)",
    score: 1,
    policy: "leave",
    description: "To many people, freemail addresses among them.",
  },
  STRANGER_ENCODED_HTML: {
    expression: `MIME_BASE64_TEXT_BOGUS & MIME_HTML_ONLY & !${known}`,
    score: 1.5,
    policy: "leave",
    description: "HTML without a text part, in base64 without a need.",
  },
  STRANGER_IN_A_HURRY: {
    expression: `HAS_X_PRIO_ONE & !${known}`,
    score: 1,
    policy: "leave",
    description: "Marked as of the highest priority.",
  },
  STRANGER_BROKEN: {
    expression: `(BOUNDARY_UNCLOSED | BAD_CHARSET | BAD_ADDRESS | EIGHT_BIT_HEADER) & !${known}`,
    score: 1,
    policy: "leave",
    description: "Put together by a program that does not know how mail is written.",
  },
};
