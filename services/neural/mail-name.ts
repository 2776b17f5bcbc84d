// A name for a mail that is the same when it is scanned and when its reader reports it: the symbols that it had are found
// again by it. The copy in a mailbox has other trace headers and other line ends, so it is made of Message-ID and texts.

import { createHash } from "node:crypto";
import type { Facts } from "../../shared/task.ts";

/** 16 bytes. */
export function mailName({ headers, text }: Pick<Facts, "headers" | "text">): Uint8Array {
  const hash = createHash("sha256");
  hash.update(headers.messageId ?? `${headers.from[0]?.address} ${headers.date} ${headers.subject}`);
  for (const one of text) hash.update("\0").update(one.text.trimEnd());
  return hash.digest().subarray(0, 16);
}
