// A message as it goes out, for those who sign it.

import { parseAddresses } from "../../../shared/message/address.ts";
import { unfold } from "../../../shared/message/header.ts";
import { defaultLimits } from "../../../shared/message/limits.ts";
import type { Facts, Header, Mailbox } from "../../../shared/task.ts";
import { openMessage, type SignedMessage } from "../dkim/message.ts";

type Task = Pick<Facts, "raw" | "headers" | "structure" | "outgoing">;

export function openOutgoing({ raw, headers, structure, outgoing }: Task): SignedMessage {
  const fields = outgoing.fields ?? headers.fields;
  if (outgoing.body === undefined) return openMessage({ raw, headers: { fields }, structure });
  return openMessage({ raw: outgoing.body, headers: { fields }, structure: { ...structure, headerSize: 0 } });
}

/** Its authors: those that it came with, unless From was rewritten. */
export function authorsOf({ headers, outgoing }: Task): readonly Mailbox[] {
  if (outgoing.fields === undefined) return headers.from;
  const isFrom = ({ key }: Header) => key === "from";
  const before = headers.fields.filter(isFrom);
  const after = outgoing.fields.filter(isFrom);
  // Over the bus they are copies.
  if (after.length === before.length && after.every(({ raw }, at) => raw === before[at]?.raw)) return headers.from;
  const { words, addresses, comments } = defaultLimits;
  const context = { eightBit: false, charset: "", words, part: 0, note: () => {}, addresses, comments };
  return after.flatMap(({ raw }) => parseAddresses(unfold(raw), context));
}

/** Why nobody can sign it; "" when it can be signed. */
export function unsignable({ structure }: Task): string {
  // What is beyond the limit was not kept, and would be missing in what is signed.
  return structure.flaws.some(({ kind, part }) => kind === "limit-headers" && part === 0)
    ? "too many header fields"
    : "";
}
