// Mail that is signed or encrypted by OpenPGP (RFC 3156) or S/MIME (RFC 8551).

import { defineCheck } from "../../shared/check.ts";
import type { Part } from "../../shared/task.ts";

const smimeBody = new Set(["application/pkcs7-mime", "application/x-pkcs7-mime"]);
const smimeSignature = new Set(["application/pkcs7-signature", "application/x-pkcs7-signature"]);

/** What a part is, or null. S/MIME puts signed mail in the same type as encrypted mail (RFC 8551, 3.2.2). */
function kindOf({ type, params }: Part) {
  if (type === "application/pgp-encrypted") return "ENCRYPTED_PGP";
  if (type === "application/pgp-signature") return "SIGNED_PGP";
  if (smimeSignature.has(type)) return "SIGNED_SMIME";
  if (!smimeBody.has(type)) return null;
  return /^signed-data$/i.test(params["smime-type"] ?? "") ? "SIGNED_SMIME" : "ENCRYPTED_SMIME";
}

/** Whether a text that is no file stands beside an encrypted part: in the same multipart. */
function hasTextBeside(parts: readonly Part[], { parent }: Part): boolean {
  return parent >= 0 && parts.some((part) => part.parent === parent && isText(part));
}

function isText(part: Part): boolean {
  return part.type.startsWith("text/") && part.disposition !== "attachment" && part.filename === "" && part.size > 0;
}

export const encryption = defineCheck({
  name: "CHECK_ENCRYPTION",
  about: "Recognises signed and encrypted mail.",
  stage: "filter",
  group: "mime_types",
  reads: ["structure"],
  symbols: {
    SIGNED_PGP: { score: -2, about: "The message has a signature of OpenPGP." },
    SIGNED_SMIME: { score: -2, about: "The message has a signature of S/MIME." },
    ENCRYPTED_PGP: { score: -0.5, about: "The message is encrypted with OpenPGP." },
    ENCRYPTED_SMIME: { score: -0.5, about: "The message is encrypted with S/MIME." },
    BOGUS_ENCRYPTED_AND_TEXT: {
      score: 10,
      about: "A text stands beside a part that claims to be all of the message, encrypted.",
    },
  },
  run(task, ctx) {
    const { parts } = task.structure;
    for (const part of parts) {
      const kind = kindOf(part);
      if (kind === null) continue;
      ctx.hit(kind);
      // A file that somebody attached is a file; a message that is encrypted is encrypted as a whole.
      const whole = kind.startsWith("ENCRYPTED") && part.disposition !== "attachment";
      if (whole && hasTextBeside(parts, part)) ctx.hit("BOGUS_ENCRYPTED_AND_TEXT", { options: [part.type] });
    }
  },
});
