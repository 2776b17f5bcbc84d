// From the verdict to what the mail server is told.

import type { Verdict } from "../../shared/verdict.ts";
import { messageChanges } from "./message-changes.ts";
import { smtpReply, tempfail } from "./smtp-reply.ts";
import type { Change, Decision, Reply } from "./transaction.ts";

export interface DecideOptions {
  readonly discardOnReject: boolean;
  readonly quarantineOnReject: boolean;
  /** Name of the header that marks spam. */
  readonly spamHeader: string;
  readonly rejectMessage: string;
  readonly quarantineMessage: string;
  readonly tempfailMessage: string;
}

const accept: Reply = { kind: "accept" };

/** @param headerNames names of the message's headers in lower case, from the top */
export function decide(verdict: Verdict, headerNames: readonly string[], options: DecideOptions): Decision {
  const { action, message } = verdict;
  switch (action) {
    case "reject":
      if (options.discardOnReject) return { changes: [], reply: { kind: "discard" } };
      if (options.quarantineOnReject) return quarantined(verdict, headerNames, options);
      return refused("554", "5.7.1", message ?? options.rejectMessage);
    case "soft reject":
      return tempfail(message ?? options.tempfailMessage);
    case "quarantine":
      return quarantined(verdict, headerNames, options);
    case "discard":
      return { changes: [], reply: { kind: "discard" } };
    // Also "greylist", with or without a message: a score in that range greylists nobody, and the check that does
    // answers with a soft reject (R 2.3).
    default:
      return accepted(verdict, headerNames, options);
  }
}

function refused(code: string, enhanced: string, text: string): Decision {
  return { changes: [], reply: { kind: "refuse", text: smtpReply(code, enhanced, text) } };
}

function accepted(verdict: Verdict, headerNames: readonly string[], options: DecideOptions): Decision {
  const { changes, dropped } = messageChanges(verdict, headerNames, options.spamHeader);
  return { changes, dropped, reply: accept };
}

function quarantined(verdict: Verdict, headerNames: readonly string[], options: DecideOptions): Decision {
  const { changes, dropped } = messageChanges(verdict, headerNames, options.spamHeader);
  const text = verdict.message ?? options.quarantineMessage;
  const quarantine: Change = { kind: "quarantine", reason: text.replace(/[\x00-\x1f\x7f]+/g, " ").slice(0, 400) };
  return { changes: [...changes, quarantine], dropped, reply: accept };
}
