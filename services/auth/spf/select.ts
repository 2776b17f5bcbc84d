// Which of the TXT records of a name is the one that counts (RFC 7208, 4.5).

/** What follows the version. */
export interface Selected {
  readonly terms: string;
}

/** Of the TXT records of a name the one that is meant; null without one. */
export type Select = (texts: readonly string[]) => Selected | "several" | null;

const version = "v=spf1";

/** What follows the version, which ends with a blank or with the record; null for anything else. */
export function termsAfter(text: string, version: string): string | null {
  if (text.length > version.length && text.charCodeAt(version.length) !== 32) return null;
  return text.slice(0, version.length).toLowerCase() === version ? text.slice(version.length) : null;
}

export const selectSpf1: Select = (texts) => {
  let found: Selected | null = null;
  for (const text of texts) {
    const terms = termsAfter(text, version);
    if (terms === null) continue;
    if (found !== null) return "several";
    found = { terms };
  }
  return found;
};
