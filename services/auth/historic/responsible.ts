// The Purported Responsible Address of a message (RFC 4407): who put it on its way last, as far as its headers tell.

import { type AddressContext, parseAddresses } from "../../../shared/message/address.ts";
import { isHostName } from "../../../shared/message/domain.ts";
import { unfold } from "../../../shared/message/header.ts";
import { defaultLimits } from "../../../shared/message/limits.ts";
import type { Header, Headers, Mailbox } from "../../../shared/task.ts";

export interface Responsible {
  readonly mailbox: Mailbox;
  /** Name of the header that has it, in lower case. */
  readonly header: string;
}

/** null when the message names nobody, or not one alone (RFC 4407, 2, step 6). */
export function responsibleAddress({ fields }: Headers): Responsible | null {
  const filled = fields.filter(({ value }) => value !== "");
  const field = resentField(filled) ?? onlyField(filled, "sender") ?? onlyField(filled, "from");
  if (field === null || field === undefined || field === "several") return null;
  const [mailbox, ...others] = parseAddresses(unfold(field.raw.slice(0, defaultLimits.headerBytes)), context);
  if (mailbox === undefined || others.length > 0 || !mailbox.valid || !isHostName(mailbox.host)) return null;
  return { mailbox, header: field.key };
}

/** Steps 1 and 2: the sender of the last resending, unless that Resent-Sender is part of an earlier one. */
function resentField(fields: readonly Header[]): Header | undefined {
  const from = fields.findIndex(({ key }) => key === "resent-from");
  const sender = fields.findIndex(({ key }) => key === "resent-sender");
  if (sender === -1 || (from !== -1 && from < sender && hasTrace(fields.slice(from, sender)))) return fields[from];
  return fields[sender];
}

/** Trace fields divide what was added when the message was sent again once from what was when it was the next time. */
function hasTrace(fields: readonly Header[]): boolean {
  return fields.some(({ key }) => key === "received" || key === "return-path");
}

/** Steps 3 and 4: two of a kind are none. */
function onlyField(fields: readonly Header[], key: string): Header | "several" | undefined {
  const [field, ...others] = fields.filter((field) => field.key === key);
  return others.length > 0 ? "several" : field;
}

/** Two addresses are enough to know that there is not one alone. */
const context: AddressContext = {
  eightBit: false,
  charset: "",
  words: defaultLimits.words,
  part: 0,
  note: () => {},
  addresses: 2,
  comments: defaultLimits.comments,
};
