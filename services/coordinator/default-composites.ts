// Composites that stand beneath the operator's own: names, expressions, scores and policies as Rspamd's operators know
// them. What asks for symbols of checks that are not there is never true.

import type { Policy } from "./composites-config.ts";
import { strangerComposites } from "./stranger-composites.ts";

export interface DefaultComposite {
  readonly expression: string;
  readonly score?: number;
  readonly group?: string;
  readonly policy?: Policy;
  readonly description: string;
}

const phished = "(PHISHING | STRICT_PHISHING | DBL_PHISH | PHISHED_OPENPHISH | PHISHED_PHISHTANK)";
const unsigned = "R_DKIM_NA & R_SPF_NA & DMARC_NA & ARC_NA";
const encoded = "FROM_EXCESS_BASE64 | MIME_BASE64_TEXT | REPLYTO_EXCESS_BASE64 | SUBJ_EXCESS_BASE64 | TO_EXCESS_BASE64";
const listed = "(-g+:fuzzy | -g+:statistics | -g+:surbl | -g+:rbl)";

/** Envelope and headers differ for a reason. */
const excused: Readonly<Record<string, DefaultComposite>> = {
  FORGED_RECIPIENTS_MAILLIST: {
    expression: "FORGED_RECIPIENTS & -MAILLIST",
    description: "Other recipients than the envelope's: a mailing list.",
  },
  FORGED_SENDER_MAILLIST: {
    expression: "FORGED_SENDER & -MAILLIST",
    description: "Another sender than the envelope's: a mailing list.",
  },
  FORGED_SENDER_FORWARDING: {
    expression: "FORGED_SENDER & g:forwarding",
    policy: "remove_weight",
    description: "Another sender than the envelope's: it was forwarded.",
  },
  FORGED_RECIPIENTS_FORWARDING: {
    expression: "FORGED_RECIPIENTS & g:forwarding",
    policy: "remove_weight",
    description: "Other recipients than the envelope's: it was forwarded.",
  },
  FORGED_SENDER_VERP_SRS: {
    expression: "FORGED_SENDER & (ENVFROM_PRVS | ENVFROM_VERP)",
    description: "Another sender than the envelope's, which carries a tag.",
  },
  FORGED_MUA_MAILLIST: {
    expression: "g:mua & -MAILLIST",
    description: "A mail program seems forged: a mailing list changed the message.",
  },
  BROKEN_HEADERS_MAILLIST: {
    expression: "BROKEN_HEADERS & -MAILLIST",
    policy: "remove_weight",
    description: "Headers that a mailing list broke.",
  },
  SPF_FAIL_FORWARDING: {
    expression: "g:forwarding & (R_SPF_SOFTFAIL | R_SPF_FAIL)",
    policy: "remove_weight",
    description: "SPF fails because it was forwarded.",
  },
  MAIL_RU_MAILER_BASE64: {
    expression: `MAIL_RU_MAILER & (${encoded})`,
    description: "Mail.ru encodes without need.",
  },
  YANDEX_RU_MAILER_CTYPE_MIXED_BOGUS: {
    expression: "YANDEX_RU_MAILER & -HAS_ATTACHMENT & CTYPE_MIXED_BOGUS",
    description: "Yandex writes a mixed message around any text.",
  },
  MAILER_1C_8_BASE64: {
    expression: `MAILER_1C_8 & (${encoded})`,
    description: "1C:Enterprise encodes without need.",
  },
  APPLE_MAILER_COMMON: {
    expression: "APPLE_MAILER & MV_CASE",
    description: "Apple Mail writes Mime-Version its own way.",
  },
  APPLE_IOS_MAILER_COMMON: {
    expression: "APPLE_IOS_MAILER & (MV_CASE | MIME_MA_MISSING_TEXT)",
    description: "Mail of an iPhone or iPad, and what it does its own way.",
  },
  IP_SCORE_FREEMAIL: {
    expression: "FREEMAIL_FROM & SENDER_REP_SPAM",
    policy: "remove_weight",
    description: "The reputation of a provider of free mailboxes is not that of the sender.",
  },
};

/** What SPF, DKIM, DMARC, ARC and lists of addresses say together. */
const policies: Readonly<Record<string, DefaultComposite>> = {
  AUTH_NA: {
    expression: unsigned,
    score: 1,
    policy: "remove_weight",
    description: "Nothing proves where it comes from.",
  },
  AUTH_NA_OR_FAIL: {
    expression:
      `!(${unsigned}) & (R_DKIM_NA | R_DKIM_TEMPFAIL | R_DKIM_PERMFAIL) & (R_SPF_NA | R_SPF_DNSFAIL) & DMARC_NA & ` +
      "(ARC_NA | ARC_DNSFAIL)",
    score: 1,
    policy: "remove_weight",
    description: "What should prove where it comes from is missing or cannot be read.",
  },
  BOUNCE_NO_AUTH: {
    expression: "(AUTH_NA | AUTH_NA_OR_FAIL) & (BOUNCE | SUBJ_BOUNCE_WORDS)",
    score: 1,
    description: "A bounce, and nothing proves where it comes from.",
  },
  DKIM_MIXED: {
    expression: "-R_DKIM_ALLOW & (R_DKIM_TEMPFAIL | R_DKIM_PERMFAIL | R_DKIM_REJECT)",
    policy: "remove_weight",
    description: "One signature of DKIM is right, another is not.",
  },
  DMARC_POLICY_ALLOW_WITH_FAILURES: {
    expression: "DMARC_POLICY_ALLOW & (R_SPF_SOFTFAIL | R_SPF_FAIL | R_DKIM_REJECT)",
    score: -0.5,
    group: "policies",
    policy: "remove_weight",
    description: "DMARC is content with what one of SPF and DKIM says.",
  },
  VIOLATED_DIRECT_SPF: {
    expression: "(R_SPF_FAIL | R_SPF_SOFTFAIL) & (RCVD_COUNT_ZERO | RCVD_NO_TLS_LAST)",
    score: 3.5,
    policy: "leave",
    description: "SPF fails, and no relay between explains it.",
  },
  RCVD_UNAUTH_PBL: {
    expression: "RECEIVED_SPAMHAUS_PBL & !RCVD_VIA_SMTP_AUTH",
    score: 2,
    policy: "leave",
    description: "Relayed for a dial-up address that has not logged in.",
  },
  RCVD_DKIM_ARC_DNSWL_MED: {
    expression: "(R_DKIM_ALLOW | ARC_ALLOW) & RCVD_IN_DNSWL_MED",
    score: -0.5,
    policy: "leave",
    description: "Signed, and from an address that DNSWL trusts.",
  },
  RCVD_DKIM_ARC_DNSWL_HI: {
    expression: "(R_DKIM_ALLOW | ARC_ALLOW) & RCVD_IN_DNSWL_HI",
    score: -1,
    policy: "leave",
    description: "Signed, and from an address that DNSWL trusts highly.",
  },
  BAD_REP_POLICIES: {
    expression: `(~g-:policies) & ${listed}`,
    score: 0.1,
    description: "Proved where it comes from, and of bad repute all the same.",
  },
};

/** What is bad together. */
const compounds: Readonly<Record<string, DefaultComposite>> = {
  HACKED_WP_PHISHING: {
    expression: `(HAS_X_POS | HAS_PHPMAILER_SIG) & HAS_WP_URI & ${phished}`,
    score: 4.5,
    group: "phishing",
    policy: "leave",
    description: "Phishing by way of a WordPress that was broken into.",
  },
  PHISH_EMOTION: {
    expression: `${phished} & (SUBJECT_ENDS_QUESTION | SUBJECT_ENDS_EXCLAIM)`,
    score: 1,
    policy: "leave",
    description: "Phishing with a subject that moves the reader.",
  },
  AUTOGEN_PHP_SPAMMY: {
    expression:
      "(HAS_X_POS | HAS_PHPMAILER_SIG | HAS_X_PHP_SCRIPT) & " +
      "(SUBJECT_ENDS_QUESTION | SUBJECT_ENDS_EXCLAIM | MANY_INVISIBLE_PARTS)",
    score: 1,
    policy: "leave",
    description: "Written by a PHP script, with signs of spam.",
  },
  COMPROMISED_ACCT_BULK: {
    expression: "(HAS_XOIP | RCVD_FROM_SMTP_AUTH) & DCC_BULK",
    score: 3,
    group: "compromised_hosts",
    policy: "leave",
    description: "Bulk mail of an account that somebody broke into.",
  },
  SUSPICIOUS_AUTH_ORIGIN: {
    expression:
      "(RCVD_VIA_SMTP_AUTH | HAS_XOIP) & " +
      "(RECEIVED_SPAMHAUS_CSS | RECEIVED_SPAMHAUS_XBL | RECEIVED_SPAMHAUS_SBL | RECEIVED_SPAMHAUS_DROP | RECEIVED_BLOCKLISTDE)",
    policy: "leave",
    description: "Logged in from a place of ill repute.",
  },
  ABUSE_FROM_INJECTOR: {
    expression: `SUSPICIOUS_AUTH_ORIGIN & (${phished} | g+:surbl | g+:fuzzy | FREEMAIL_AFF | LEAKED_PASSWORD_SCAM)`,
    score: 2,
    group: "compromised_hosts",
    policy: "leave",
    description: "Logged in from a place of ill repute, and abuse by its content.",
  },
  UNDISC_RCPTS_BULK: {
    expression: "DCC_BULK & (MISSING_TO | R_UNDISC_RCPT)",
    score: 3,
    policy: "leave",
    description: "Bulk mail that hides its recipients.",
  },
  FREEMAIL_AFF: {
    expression:
      "(FREEMAIL_FROM | FREEMAIL_ENVFROM | FREEMAIL_REPLYTO) & (TO_DN_RECIPIENTS | R_UNDISC_RCPT) & " +
      "(INTRODUCTION | FROM_NAME_HAS_TITLE | FREEMAIL_REPLYTO_NEQ_FROM_DOM)",
    score: 4,
    group: "scams",
    policy: "leave",
    description: "A stranger with a free mailbox offers money for an advance.",
  },
  FREEMAIL_REPLYTO_NEQ_FROM: {
    expression: "FREEMAIL_REPLYTO & REPLYTO_DOM_NEQ_FROM_DOM & !FREEMAIL_REPLYTO_NEQ_FROM_DOM & !MAILLIST",
    score: 2,
    policy: "leave",
    description: "Replies go to a free mailbox that is not the author's.",
  },
  SUSPICIOUS_MDN: {
    expression: "(FREEMAIL_MDN | DISPOSABLE_MDN) & HEADER_FORGED_MDN",
    score: 2,
    group: "scams",
    policy: "leave",
    description: "Read receipts go to a free mailbox that is not the sender's.",
  },
  LEAKED_PASSWORD_SCAM: {
    expression: "BITCOIN_ADDR & (LEAKED_PASSWORD_SCAM_RE | R_MIXED_CHARSET | R_EMPTY_IMAGE)",
    score: 7,
    group: "scams",
    policy: "leave",
    description: "Blackmail: a wallet, and words or tricks of blackmailers.",
  },
  HAS_ANON_DOMAIN: {
    expression: "HAS_GUC_PROXY_URI | URIBL_RED | DBL_ABUSE_REDIR | HAS_ONION_URI",
    score: 0.1,
    policy: "leave",
    description: "A URL hides who is behind it.",
  },
  REDIRECTOR_URL_ONLY: {
    expression: "HFILTER_URL_ONLY & REDIRECTOR_URL",
    score: 1,
    policy: "leave",
    description: "Nothing but a URL that leads elsewhere.",
  },
  SUSPICIOUS_URL_IN_SUSPICIOUS_MESSAGE: {
    expression: `(HAS_ANON_DOMAIN | HAS_IPFS_GATEWAY_URL | REDIRECTOR_URL) & ${listed}`,
    score: 1,
    policy: "leave",
    description: "A URL that hides where it leads, in a message of ill repute.",
  },
  MIME_BAD_EXT_IN_OBFUSCATED_ARCHIVE: {
    // Files in archives have symbols of their own.
    expression: "(MIME_BAD_EXTENSION | ARCHIVE_BAD_EXTENSION | ARCHIVE_DOUBLE_BAD_EXTENSION) & MIME_OBFUSCATED_ARCHIVE",
    score: 8,
    policy: "leave",
    description: "A dangerous file in an archive that hides it.",
  },
  MIME_BAD_EXT_WITH_BAD_UNICODE: {
    expression: "MIME_BAD_EXTENSION & MIME_BAD_UNICODE",
    score: 8,
    policy: "leave",
    description: "A dangerous file whose name hides what it is.",
  },
  SHORT_PART_BAD_HEADERS: {
    expression: "MISSING_ESSENTIAL_HEADERS & SINGLE_SHORT_PART",
    score: 7,
    group: "blankspam",
    policy: "leave",
    description: "Next to no text, and next to no headers.",
  },
};

export const defaultComposites: Readonly<Record<string, DefaultComposite>> = {
  ...excused,
  ...policies,
  ...compounds,
  ...strangerComposites,
};
