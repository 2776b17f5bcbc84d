// Asks a coordinator about a mail. Whatever goes wrong there, the mail is put off, never let through unseen.

import type { Bus } from "../../shared/bus/bus.ts";
import { toFault } from "../../shared/fault.ts";
import type { Log } from "../../shared/log.ts";
import { type ScanRequest, scanSubject } from "../../shared/scan.ts";
import { type DecideOptions, decide } from "./decide.ts";
import { tempfail } from "./smtp-reply.ts";
import type { Decide, Decision, Transaction } from "./transaction.ts";

export interface ScanOptions extends DecideOptions {
  /** ms that a verdict may take. */
  readonly timeout: number;
  /** Name of a configured setting for all mail of this gateway; "" for none. */
  readonly settingsId: string;
}

/** `clientIp`: the mail server's address; undefined behind a unix socket. */
export function scanWith(bus: Bus, options: () => ScanOptions, clientIp: string | undefined, log: Log): Decide {
  return async (transaction: Transaction): Promise<Decision> => {
    const now = options();
    try {
      const verdict = await bus.ask(scanSubject, requestOf(transaction, clientIp, now), {
        deadline: Date.now() + now.timeout,
      });
      return decide(verdict, transaction.headerNames, now);
    } catch (thrown) {
      const { code, message } = toFault(thrown);
      const { queueId } = transaction.envelope;
      log.error({ task: transaction.id, queueId, code, reason: message }, "no verdict, mail put off");
      return tempfail(now.tempfailMessage);
    }
  };
}

function requestOf(
  { id, envelope, raw }: Transaction,
  clientIp: string | undefined,
  { settingsId }: ScanOptions,
): ScanRequest {
  return {
    id,
    envelope,
    ...(clientIp !== undefined && { clientIp }),
    ...(settingsId !== "" && { settingsId }),
    facts: { raw },
  };
}
