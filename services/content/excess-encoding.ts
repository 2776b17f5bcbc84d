// Encoded words (RFC 2047) around text that needs none: a way past filters that do not decode.

import { defineCheck } from "../../shared/check.ts";

const b64 = (about: string) => ({ score: 1.5, group: "excessb64", about });
const qp = (about: string) => ({ score: 1.2, group: "excessqp", about });

const symbols = {
  FROM_EXCESS_BASE64: b64("From is ASCII in base64."),
  TO_EXCESS_BASE64: b64("To is ASCII in base64."),
  REPLYTO_EXCESS_BASE64: b64("Reply-To is ASCII in base64."),
  CC_EXCESS_BASE64: b64("Cc is ASCII in base64."),
  SUBJ_EXCESS_BASE64: b64("The subject is ASCII in base64."),
  FROM_EXCESS_QP: qp("From is ASCII in quoted-printable."),
  TO_EXCESS_QP: qp("To is ASCII in quoted-printable."),
  REPLYTO_EXCESS_QP: qp("Reply-To is ASCII in quoted-printable."),
  CC_EXCESS_QP: qp("Cc is ASCII in quoted-printable."),
  SUBJ_EXCESS_QP: qp("The subject is ASCII in quoted-printable."),
};
type Symbol = keyof typeof symbols;

/** By header: the symbols for base64 and for quoted-printable. */
const byHeader: ReadonlyMap<string, readonly [Symbol, Symbol]> = new Map([
  ["from", ["FROM_EXCESS_BASE64", "FROM_EXCESS_QP"]],
  ["to", ["TO_EXCESS_BASE64", "TO_EXCESS_QP"]],
  ["reply-to", ["REPLYTO_EXCESS_BASE64", "REPLYTO_EXCESS_QP"]],
  ["cc", ["CC_EXCESS_BASE64", "CC_EXCESS_QP"]],
  ["subject", ["SUBJ_EXCESS_BASE64", "SUBJ_EXCESS_QP"]],
]);

/** Charset and language of RFC 2231, 5, then the encoding. Longer charsets do not exist. */
const word = /=\?[^?\s]{1,60}\?([bq])\?/i;
/** What may stand in a header as it is. "=?" itself must be encoded, and shows a word that could not be decoded. */
const needsNone = /^(?!.*=\?)[\t -~]*$/;

export const excessEncoding = defineCheck({
  name: "CHECK_EXCESS_ENCODING",
  about: "Looks for encoded words around plain ASCII.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols,
  run(task, ctx) {
    for (const { key, raw, value } of task.headers.fields) {
      if (!raw.includes("=?")) continue;
      const pair = byHeader.get(key);
      if (pair === undefined) continue;
      const encoding = word.exec(raw)?.[1];
      if (encoding === undefined || !needsNone.test(value)) continue;
      // Yahoo's webmail encodes the names of all its users.
      if (key === "from" && /\.mail\.yahoo\.com$/i.test(task.headers.messageId ?? "")) continue;
      ctx.hit(encoding === "b" || encoding === "B" ? pair[0] : pair[1]);
    }
  },
});
