// Content-Type, Content-Disposition and Content-Transfer-Encoding of one part (RFC 2045, RFC 2183).

import type { Part } from "../task.ts";
import { withoutComments } from "./comment.ts";
import { type RawField, unfold } from "./header.ts";
import type { Limits } from "./limits.ts";
import { type Parameters, parseParameters } from "./parameter.ts";
import { isEncoding } from "./transfer.ts";
import type { WordContext } from "./word.ts";

/** What the fields of a part say about its content. */
export type Description = Pick<
  Part,
  "type" | "declared" | "params" | "disposition" | "dispositionParams" | "filename" | "encoding" | "contentId"
>;

/** Fields that decide how a part reads: a second one is an attempt to be read in two ways. */
const unique = new Set(["content-type", "content-transfer-encoding", "content-disposition", "content-id"]);

/** What fields say, and whether another mail reader may take them otherwise. */
export interface Described {
  readonly description: Description;
  /** Descriptions that other mail readers come to. */
  readonly others: readonly Description[];
  /** Whether the type could not be read. */
  readonly unreadable: boolean;
}

/** How a mail reader takes the fields where they leave a choice. */
interface Manner {
  /** Whether the last of several fields counts, not the first. */
  readonly last: boolean;
  /** Whether the other value of a parameter counts. */
  readonly other: boolean;
  /** Whether comments stay in the text. */
  readonly verbatim: boolean;
}

const usual: Manner = { last: false, other: false, verbatim: false };
const manners: readonly Manner[] = [
  { ...usual, last: true },
  { ...usual, other: true },
  { ...usual, verbatim: true },
];

/** What was met that allows for one of these manners. */
interface Doubt {
  last: boolean;
  other: boolean;
  verbatim: boolean;
  unreadable: boolean;
}

const mimeType = /^[a-z0-9!#$&^_.+-]{1,127}\/[a-z0-9!#$&^_.+-]{1,127}$/;
const none: Readonly<Record<string, string>> = {};

function read(field: string, limits: Limits, context: WordContext, manner: Manner, doubt: Doubt): Parameters {
  const deep = () => context.note("limit-comments", context.part);
  const unfolded = unfold(field.slice(0, limits.headerBytes));
  const text = manner.verbatim ? unfolded : withoutComments(unfolded, limits.comments, deep);
  if (text !== unfolded) doubt.verbatim = true;
  // Senders forget the semicolon: "text/html charset=utf-8".
  const forgotten = /^([^\s;=]{1,127})\s(?=\s{0,9}[\w-]{1,40}=)/.exec(text);
  const fixed = forgotten === null ? text : `${forgotten[1]};${text.slice(forgotten[0].length)}`;
  const parsed = parseParameters(fixed, limits.params, context);
  if (parsed.limited) context.note("limit-params", context.part);
  if (parsed.duplicate !== "") context.note("bad-content-type", context.part, parsed.duplicate);
  if (parsed.others === null) return parsed;
  doubt.other = true;
  return manner.other ? { ...parsed, params: { ...parsed.params, ...parsed.others } } : parsed;
}

/** Reads the fields of a part; `fallback` is the type of a part that declares none. */
export function describe(
  fields: readonly RawField[],
  fallback: string,
  limits: Limits,
  context: WordContext,
): Described {
  const doubt: Doubt = { last: false, other: false, verbatim: false, unreadable: false };
  const description = describeAs(fields, fallback, limits, context, usual, doubt);
  const { last, other, verbatim, unreadable } = doubt;
  if (!last && !other && !verbatim) return { description, others: [], unreadable };
  const silent: WordContext = { ...context, note: () => {} };
  const others = manners
    .filter((manner) => (manner.last && last) || (manner.other && other) || (manner.verbatim && verbatim))
    .map((manner) => describeAs(fields, fallback, limits, silent, manner, { ...doubt }));
  return { description, others, unreadable };
}

function describeAs(
  fields: readonly RawField[],
  fallback: string,
  limits: Limits,
  context: WordContext,
  manner: Manner,
  doubt: Doubt,
): Description {
  let contentType: string | null = null;
  let dispositionField: string | null = null;
  let encodingField: string | null = null;
  let contentId = "";
  const chosen = (known: string | null, raw: string) => {
    if (known === null) return raw;
    doubt.last = true;
    return manner.last ? raw : known;
  };
  for (const { key, raw } of fields) {
    if (!key.startsWith("content-") || !unique.has(key)) continue;
    if (key === "content-type") contentType = chosen(contentType, raw);
    else if (key === "content-disposition") dispositionField = chosen(dispositionField, raw);
    else if (key === "content-transfer-encoding") encodingField = chosen(encodingField, raw);
    else contentId ||= unfold(raw).replace(/^<|>$/g, "");
  }

  let type = fallback;
  let declared = false;
  let params = none;
  if (contentType !== null) {
    const parsed = read(contentType, limits, context, manner, doubt);
    params = parsed.params;
    const word = parsed.value.split(/\s/, 1)[0] ?? "";
    if (mimeType.test(word)) {
      type = word;
      declared = true;
    } else {
      context.note("bad-content-type", context.part, word);
      doubt.unreadable = true;
      // RFC 2045, 5.2: what cannot be read is plain text, but for "text" and "html" the sender's mind is clear.
      type = word === "html" ? "text/html" : "text/plain";
    }
  }

  let disposition = "";
  let dispositionParams = none;
  if (dispositionField !== null) {
    const parsed = read(dispositionField, limits, context, manner, doubt);
    disposition = parsed.value;
    dispositionParams = parsed.params;
  }

  let encoding = "";
  if (encodingField !== null) {
    const deep = () => context.note("limit-comments", context.part);
    encoding = withoutComments(unfold(encodingField.slice(0, 256)), limits.comments, deep)
      .trim()
      .toLowerCase();
    encoding = encoding.replace(/^"|"$|;$/g, "");
    if (!isEncoding(encoding)) context.note("bad-encoding", context.part, encoding);
  }
  const filename = dispositionParams.filename ?? params.name ?? "";
  return { type, declared, params, disposition, dispositionParams, filename, encoding, contentId };
}
