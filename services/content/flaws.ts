// What analysis found odd, as symbols. Several kinds may share a symbol; the option names the kind.

import { defineCheck } from "../../shared/check.ts";
import type { Flaw, FlawKind, Part } from "../../shared/task.ts";

const symbols = {
  LIMIT_HEADERS: {
    score: 0.5,
    about: "A limit on headers was reached: their number, size, words, parameters, addresses.",
  },
  LIMIT_PARTS: {
    score: 0.5,
    about: "The message has too many parts, or parts too deep within each other.",
    group: "mime",
  },
  LIMIT_CONTENT: {
    score: 0,
    about: "A limit on content was reached: bytes, text, HTML, links, addresses.",
    group: "body",
  },
  BROKEN_HEADERS: { score: 10, about: "A line among the headers is no header." },
  BODY_WITHOUT_EMPTY_LINE: { score: 0.5, about: "The body follows the headers without an empty line." },
  MBOX_LINE: { score: 0, about: 'The message starts with the "From " line of a mailbox file.' },
  BYTE_ORDER_MARK: { score: 0.5, about: "The message starts with a byte order mark." },
  EIGHT_BIT_HEADER: { score: 0, about: "A header holds 8-bit bytes." },
  DUPLICATE_HEADER: { score: 0, about: "A header that must be unique comes more than once; of a part too." },
  BAD_ADDRESS: { score: 0, about: "An address header holds what is no address." },
  BAD_ENCODED_WORD: { score: 0, about: "A header holds an encoded word that cannot be decoded." },
  BROKEN_CONTENT_TYPE: { score: 1.5, about: "A Content-Type header cannot be read." },
  BAD_TRANSFER_ENCODING: { score: 0.5, about: "A part names an unknown Content-Transfer-Encoding.", group: "mime" },
  BAD_BASE64: { score: 0, about: "A part is not in the base64 that it promises.", group: "mime" },
  BAD_QUOTED_PRINTABLE: { score: 0, about: "A part is not in the quoted-printable that it promises.", group: "mime" },
  BAD_CHARSET: { score: 0, about: "A text part names an unknown charset, or its bytes are not in it.", group: "mime" },
  BOUNDARY_MISSING: { score: 1, about: "A multipart has no boundary, or its boundary never comes.", group: "mime" },
  BOUNDARY_UNCLOSED: { score: 0, about: "A multipart is not closed.", group: "mime" },
  BOUNDARY_REUSED: { score: 1, about: "A multipart uses the boundary of one around it.", group: "mime" },
  R_BAD_CTE_7BIT: { score: 3.5, about: "A part promises 7 bits and has 8-bit bytes." },
  UUENCODED_FILE: { score: 0, about: "A file lies in the text, uuencoded.", group: "mime" },
  NUL_BYTES: { score: 0.5, about: "The message holds NUL bytes.", group: "body" },
  AMBIGUOUS_TYPE: {
    score: 2,
    about: "Mail readers may disagree on the type of a part. All that follow here were looked at in both ways.",
    group: "mime",
  },
  AMBIGUOUS_ENCODING: { score: 2, about: "Mail readers may decode a part in two ways.", group: "mime" },
  AMBIGUOUS_BOUNDARY: { score: 2, about: "Mail readers may divide a multipart in two ways.", group: "mime" },
  AMBIGUOUS_CHARSET: { score: 1, about: "Mail readers may read a text in two charsets.", group: "mime" },
  AMBIGUOUS_FILENAME: { score: 1, about: "A part has two file names of different extensions.", group: "mime" },
  AMBIGUOUS_HEADER: { score: 1, about: "NUL or a bare CR lets mail readers see different headers or parts." },
  OUTSIDE_TEXT: { score: 0, about: "Text with links stands before the first part or behind the last.", group: "mime" },
  BARE_CR: { score: 0, about: "Some lines end in a bare CR.", group: "body" },
  BARE_LF: { score: 0, about: "Some lines end in a bare LF, others in CRLF.", group: "body" },
} as const;

/** Owner of a kind: a symbol of this check, or the file of the check that raises it. */
const owners: Readonly<Record<FlawKind, keyof typeof symbols | "date.ts">> = {
  "limit-headers": "LIMIT_HEADERS",
  "limit-header-size": "LIMIT_HEADERS",
  "limit-params": "LIMIT_HEADERS",
  "limit-words": "LIMIT_HEADERS",
  "limit-comments": "LIMIT_HEADERS",
  "limit-addresses": "LIMIT_HEADERS",
  "limit-received": "LIMIT_HEADERS",
  "limit-parts": "LIMIT_PARTS",
  "limit-depth": "LIMIT_PARTS",
  "limit-readings": "LIMIT_PARTS",
  "limit-size": "LIMIT_CONTENT",
  "limit-text": "LIMIT_CONTENT",
  "limit-html": "LIMIT_CONTENT",
  "limit-urls": "LIMIT_CONTENT",
  "limit-emails": "LIMIT_CONTENT",
  "bad-header": "BROKEN_HEADERS",
  "bad-address": "BAD_ADDRESS",
  "bad-date": "date.ts",
  "bad-content-type": "BROKEN_CONTENT_TYPE",
  "bad-encoding": "BAD_TRANSFER_ENCODING",
  "bad-base64": "BAD_BASE64",
  "bad-quoted-printable": "BAD_QUOTED_PRINTABLE",
  "bad-charset": "BAD_CHARSET",
  "bad-word": "BAD_ENCODED_WORD",
  "missing-boundary": "BOUNDARY_MISSING",
  "unclosed-boundary": "BOUNDARY_UNCLOSED",
  "duplicate-boundary": "BOUNDARY_REUSED",
  "duplicate-header": "DUPLICATE_HEADER",
  "eight-bit-header": "EIGHT_BIT_HEADER",
  "eight-bit-body": "R_BAD_CTE_7BIT",
  "missing-empty-line": "BODY_WITHOUT_EMPTY_LINE",
  "mbox-line": "MBOX_LINE",
  "byte-order-mark": "BYTE_ORDER_MARK",
  uuencode: "UUENCODED_FILE",
  nul: "NUL_BYTES",
  "bare-cr": "BARE_CR",
  "bare-lf": "BARE_LF",
  "outside-text": "OUTSIDE_TEXT",
  "ambiguous-type": "AMBIGUOUS_TYPE",
  "ambiguous-encoding": "AMBIGUOUS_ENCODING",
  "ambiguous-boundary": "AMBIGUOUS_BOUNDARY",
  "ambiguous-charset": "AMBIGUOUS_CHARSET",
  "ambiguous-filename": "AMBIGUOUS_FILENAME",
  "ambiguous-header": "AMBIGUOUS_HEADER",
};

/** The detail of a line that is no header is text of the message, which is not for the log. */
function optionOf(flaw: Flaw): string {
  return flaw.detail === undefined || flaw.kind === "bad-header" ? flaw.kind : `${flaw.kind}:${flaw.detail}`;
}

/** UTF-8 that only lacks its label does less harm (R 3.10). */
function factorOf(flaw: Flaw, parts: readonly Part[]): number {
  const charset = parts[flaw.part]?.params.charset?.toLowerCase();
  return flaw.kind === "eight-bit-body" && charset === "utf-8" ? 0.3 : 1;
}

export const flaws = defineCheck({
  name: "CHECK_FLAWS",
  about: "Raises what analysis found odd: limits reached, broken MIME, broken headers.",
  stage: "filter",
  group: "headers",
  reads: ["structure"],
  symbols,
  run(task, ctx) {
    for (const flaw of task.structure.flaws) {
      const symbol = owners[flaw.kind];
      if (symbol === "date.ts") continue;
      ctx.hit(symbol, { factor: factorOf(flaw, task.structure.parts), options: [optionOf(flaw)] });
    }
  },
});
