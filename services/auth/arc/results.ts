// What a sealer noted in its ARC-Authentication-Results (RFC 8617, 4.1.1; RFC 8601, 2.2). Much of it is text of the sender,
// put in quotes or comments: what stands in those is no result.

import { inside, quoteEnd, withoutComments } from "../../../shared/message/comment.ts";

export interface NotedDmarc {
  /** Lower case; "" when it noted none. */
  readonly result: string;
  /** Author domain that it was about, lower case; "" when it did not say. */
  readonly author: string;
}

/** Characters of a field. Of a longer one nothing is believed: nobody knows what the rest would say. */
const longest = 16_384;

/** @param raw the field behind its colon */
export function notedDmarc(raw: string): NotedDmarc {
  const text = raw.length > longest ? "" : raw;
  for (const part of unquoted(withoutComments(text, Number.POSITIVE_INFINITY, () => {})).split(";")) {
    const result = /^\s*dmarc\s*(?:\/\s*\d+\s*)?=\s*([a-z]+)/i.exec(part)?.[1];
    if (result === undefined) continue;
    const author = /\sheader\.from\s*=\s*(\S+)/i.exec(part)?.[1] ?? "";
    return { result: result.toLowerCase(), author: author.slice(author.lastIndexOf("@") + 1).toLowerCase() };
  }
  return { result: "", author: "" };
}

/**
 * Quoted strings without their quotes, and "?" for one that holds more than a name or an address: it could be taken for
 * results. The text ends where a quote or a comment does not.
 */
function unquoted(text: string): string {
  let out = "";
  let from = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    const isQuote = code === 34;
    const end = isQuote ? quoteEnd(text, at) : at + 1;
    if (code === 40 || end === -1) return out + text.slice(from, at);
    if (isQuote) {
      const content = inside(text.slice(at, end));
      out += text.slice(from, at) + (/^[^\s;="()]+$/.test(content) ? content : "?");
      from = end;
    }
    at = end;
  }
  return out + text.slice(from);
}
