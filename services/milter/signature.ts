// A DKIM-Signature as a header value. It arrives in one line that has been signed as it stands, so it may be folded only
// where no verifier sees it.

/** Characters of a line before a fold; a server breaks lines at 998 wherever that is. */
const width = 72;

/** Folds the signature itself, which RFC 6376, 3.7 leaves out of what is signed together with the blanks in it. */
export function foldSignature(value: string): string {
  return value.replace(/(^|;)(\s*b\s*=\s*)([A-Za-z0-9+/=]+)/, (_all, before: string, tag: string, base64: string) => {
    return before + tag + (base64.match(new RegExp(`.{1,${width}}`, "g")) ?? []).join("\n\t");
  });
}
