// What a sealer noted in its ARC-Authentication-Results (RFC 8617, 4.1.1; RFC 8601, 2.2).

import { withoutComments } from "../../../shared/message/comment.ts";

export interface NotedDmarc {
  /** Lower case; "" when it noted none. */
  readonly result: string;
  /** Author domain that it was about, lower case; "" when it did not say. */
  readonly author: string;
}

/** Characters that are looked at. */
const longest = 16_384;

/** @param raw the field behind its colon */
export function notedDmarc(raw: string): NotedDmarc {
  const text = withoutComments(raw.slice(0, longest), 5, () => {});
  for (const part of text.split(";")) {
    const result = /^\s*dmarc\s*(?:\/\s*\d+\s*)?=\s*([a-z]+)/i.exec(part)?.[1];
    if (result === undefined) continue;
    const author = /\sheader\.from\s*=\s*"?([^\s"]+)/i.exec(part)?.[1] ?? "";
    return { result: result.toLowerCase(), author: author.slice(author.lastIndexOf("@") + 1).toLowerCase() };
  }
  return { result: "", author: "" };
}
