// Header fields with their values decoded, and the fields that rules ask for by name.

import type { Header, Headers, Mailbox } from "../task.ts";
import { type AddressContext, parseAddresses } from "./address.ts";
import { withoutComments } from "./comment.ts";
import { parseDate } from "./date.ts";
import type { Note } from "./flaw.ts";
import { type RawField, unfold } from "./header.ts";
import type { Limits } from "./limits.ts";
import { parseParameters } from "./parameter.ts";
import { decodeWords, type WordContext } from "./word.ts";

/** Fields that may stand once (RFC 5322, 3.6; RFC 2045, 3): with two of them readers disagree about the message. */
const unique = new Set([
  "from", "sender", "reply-to", "to", "cc", "bcc", "subject", "date", "message-id", "in-reply-to", "references",
  "mime-version", "content-type", "content-transfer-encoding", "content-disposition", "content-id",
]); // biome-ignore format: a list

/** Charset that the fields declare for the body, for 8-bit text in the fields themselves; "" without one. */
function declaredCharset(fields: readonly RawField[], limits: Limits, context: WordContext): string {
  for (const { key, raw } of fields) {
    if (key !== "content-type") continue;
    return parseParameters(unfold(raw.slice(0, limits.headerBytes)), limits.params, context).params.charset ?? "";
  }
  return "";
}

/** What decoding the fields of a header block needs; `ascii` says that the block has no 8-bit bytes. */
export function wordContext(
  fields: readonly RawField[],
  ascii: boolean,
  limits: Limits,
  part: number,
  note: Note,
): WordContext {
  if (ascii) return { eightBit: false, charset: "", words: limits.words, part, note };
  const plain: WordContext = { eightBit: true, charset: "", words: limits.words, part, note: () => {} };
  return { ...plain, note, charset: declaredCharset(fields, limits, plain) };
}

/** Decodes the values of a header block. `message` says whether it is one of a message, not of a part. */
export function decodeFields(
  fields: readonly RawField[],
  limits: Limits,
  context: WordContext,
  message: boolean,
): Header[] {
  const { part, note } = context;
  const seen = new Set<string>();
  return fields.map(({ name, key, raw }) => {
    if (unique.has(key) && (message || key.startsWith("content-"))) {
      if (seen.has(key)) note("duplicate-header", part, key);
      seen.add(key);
    }
    let text = raw;
    if (raw.length > limits.headerBytes) {
      note("limit-header-size", part, key);
      text = raw.slice(0, limits.headerBytes);
    }
    if (context.eightBit && /[\x80-\xff]/.test(text)) note("eight-bit-header", part, key);
    return { name, key, raw, value: decodeWords(unfold(text), context) };
  });
}

/** The headers of a message as rules ask for them. */
export function readHeaders(fields: readonly Header[], limits: Limits, words: WordContext): Headers {
  const { note } = words;
  const context: AddressContext = { ...words, addresses: limits.addresses, comments: limits.comments };
  const deep = () => note("limit-comments", 0);
  const from: Mailbox[] = [];
  const sender: Mailbox[] = [];
  const replyTo: Mailbox[] = [];
  const to: Mailbox[] = [];
  const cc: Mailbox[] = [];
  const bcc: Mailbox[] = [];
  const boxes = new Map([
    ["from", from],
    ["sender", sender],
    ["reply-to", replyTo],
    ["to", to],
    ["cc", cc],
    ["bcc", bcc],
  ]);
  let subject: string | null = null;
  let messageId: string | null = null;
  let dateField: string | null = null;
  for (const field of fields) {
    const list = boxes.get(field.key);
    if (list !== undefined) {
      const left = limits.addresses - list.length;
      // Words are decoded behind the commas and brackets, for they may hold some.
      const plain = !words.eightBit && !field.raw.includes("=?") && field.raw.length <= limits.headerBytes;
      const text = plain ? field.value : unfold(field.raw.slice(0, limits.headerBytes));
      list.push(...parseAddresses(text, { ...context, addresses: left }));
    } else if (field.key === "subject") subject ??= field.value;
    else if (field.key === "message-id") messageId ??= field.value.replace(/^<|>$/g, "");
    else if (field.key === "date") dateField ??= field.value;
  }
  const date = dateField === null ? null : parseDate(withoutComments(dateField, limits.comments, deep).trim());
  if (dateField !== null && date === null) note("bad-date", 0);
  return { fields, subject, from, sender, replyTo, to, cc, bcc, messageId, date };
}
