// A mail under way: what came of it so far, and what it has of the gateway's room.

import { toFault } from "../../shared/fault.ts";
import { largeMessage, type Stay } from "../../shared/room.ts";
import type { EnvelopeBuilder } from "./envelope.ts";
import type { MessageBuilder, MessageLimits } from "./message.ts";

/** What may change between two mails. */
export interface MailSettings {
  readonly limits: MessageLimits;
  /** What becomes of a message over a limit, which nobody has looked at. */
  readonly oversized: "tempfail" | "accept";
  /** ms that a large message waits for its turn. */
  readonly patience: number;
  readonly clientCa: string;
  readonly tempfailMessage: string;
}

export interface Mail {
  readonly id: string;
  readonly settings: MailSettings;
  readonly envelope: EnvelopeBuilder;
  readonly message: MessageBuilder;
  readonly stay: Stay;
  /** Bytes by the word of the client; undefined when it says none. */
  readonly said: number | undefined;
  /** The furthest step reached. */
  step: number;
  /** There was no room: it is put off, whatever becomes of one over a limit. */
  isPutOff: boolean;
}

/** A promise is to be waited for: what waits for its turn is with the mail server, which cannot send on meanwhile. */
export function addBody(mail: Mail, data: Buffer): Promise<void> | undefined {
  const { message, stay, said, settings } = mail;
  message.addBody(data);
  countBytes(mail, data.length);
  if (message.size <= largeMessage || stay.isLarge || message.overLimit !== undefined) return undefined;
  const most = settings.limits.maxMessage;
  const turn = stay.becomeLarge(Math.min(Math.max(said ?? most, message.size), most), settings.patience);
  return turn.catch((thrown) => putOff(mail, thrown));
}

/** Counts bytes that came; lets go of what nobody will look at. */
export function countBytes(mail: Mail, size: number): void {
  try {
    if (mail.message.overLimit === undefined) mail.stay.add(size);
    else mail.stay.leave();
  } catch (thrown) {
    putOff(mail, thrown);
  }
}

function putOff(mail: Mail, thrown: unknown): void {
  mail.isPutOff = true;
  mail.message.refuse(toFault(thrown).message);
  mail.stay.leave();
}

/** The size that a client says with MAIL (RFC 1870, 6.1). */
export function sizeSaid(args: readonly string[]): number | undefined {
  const size = args.map((arg) => /^SIZE=(\d{1,15})$/i.exec(arg)?.[1]).find((digits) => digits !== undefined);
  return size === undefined ? undefined : Number(size);
}
