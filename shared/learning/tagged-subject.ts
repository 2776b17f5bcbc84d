// Filters write their verdict before the subject of what they mark, as the action "rewrite subject" does. The mail had none
// when it was scanned, and to learn from one would be to learn one's own opinion. As added-header.ts does for headers.

import type { Header, Headers } from "../task.ts";

/** "*** SPAM ***", "[SPAM 7.3]", "{Spam?}": what stands within is in `tagWords` alone. */
const framed = /^\s*[[({<*_#=!+~-]+([^\])}>*_#=!+~]{1,60}?)[\])}>*_#=!+~-]+\s*/;
const plain = /^\s*(?:spam|junk)\s*:\s+/i;
const opinion = /spam|junk/i;
const tagWords: ReadonlySet<string> = new Set(
  "spam junk bulk suspected suspicious possible possibly probable probably likely detected score level".split(" "),
);
/** Several filters write one each. */
const mostTags = 3;

/** The headers as they were before a filter marked the subject. */
export function withoutSubjectTag(headers: Headers): Headers {
  const length = tagLength(headers.subject ?? "");
  if (length === 0) return headers;
  const first = headers.fields.findIndex(({ key }) => key === "subject");
  const fields = headers.fields.map((field, at) => (at === first ? withoutTag(field) : field));
  return { ...headers, subject: headers.subject?.slice(length) ?? null, fields };
}

function withoutTag(field: Header): Header {
  const { raw, value } = field;
  const tag = value.slice(0, tagLength(value));
  const at = raw.indexOf(tag);
  // One that was encoded together with the subject is left where it is: how the sender encoded that nobody knows.
  const plainly = raw.slice(0, at).trim() === "" && at >= 0;
  return {
    ...field,
    value: value.slice(tag.length),
    raw: plainly ? raw.slice(0, at) + raw.slice(at + tag.length) : raw,
  };
}

function tagLength(subject: string): number {
  let at = 0;
  for (let tags = 0; tags < mostTags; tags++) {
    const rest = subject.slice(at, at + 200);
    const [whole = "", said = ""] = framed.exec(rest) ?? [];
    const isTag =
      opinion.test(said) && (said.toLowerCase().match(/\p{L}+/gu) ?? []).every((word) => tagWords.has(word));
    const length = isTag ? whole.length : (plain.exec(rest)?.[0].length ?? 0);
    if (length === 0) break;
    at += length;
  }
  return at;
}
