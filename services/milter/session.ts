// The conversation of one connection: commands in, frames out. It knows nothing of sockets.
//
//   negotiate, then connect, helo, and per mail: MAIL, RCPT..., DATA, headers, end of headers, body..., end of message.
//   ABORT and helo end a mail at any time. Steps may be left out, but none may come late.

import { Fault } from "../../shared/fault.ts";
import type { Log } from "../../shared/log.ts";
import type { Room } from "../../shared/room.ts";
import { type Client, clientOf } from "./client.ts";
import { EnvelopeBuilder } from "./envelope.ts";
import { Macros } from "./macros.ts";
import { addBody, countBytes, type Mail, type MailSettings, sizeSaid } from "./mail.ts";
import { MessageBuilder } from "./message.ts";
import { tempfail } from "./smtp-reply.ts";
import type { Decide, Decision } from "./transaction.ts";
import * as c from "./wire/constants.ts";
import { decodeConnect, decodeHeader, decodeLine, decodeMacros, decodePath } from "./wire/decode.ts";
import type { Frame } from "./wire/frame.ts";
import {
  type Agreement,
  agree,
  awaitsReply,
  decodeOffer,
  encodeAgreement,
  hasLeadingSpace,
} from "./wire/negotiation.ts";
import { canChange, continueFrame, encodeChange, encodeReply, progressFrame } from "./wire/reply.ts";

export interface SessionOptions {
  readonly settings: () => MailSettings;
  /** Of all connections. */
  readonly room: Room;
  readonly decide: Decide;
  readonly send: (bytes: Buffer) => void;
  readonly newId: () => string;
  /** ms between signs of life while a mail is decided on. */
  readonly progressEvery: number;
  readonly log: Log;
}

/** Steps of a mail in their order: a command may repeat or skip steps, never go back. */
const steps = [c.SMFIC_MAIL, c.SMFIC_RCPT, c.SMFIC_DATA, c.SMFIC_HEADER, c.SMFIC_EOH, c.SMFIC_BODY, c.SMFIC_BODYEOB];
const once = new Set([c.SMFIC_DATA, c.SMFIC_EOH]);

/** Postfix takes 1,000 by default; whoever sends more than this wants our memory. */
const maxRecipients = 50_000;

export class Session {
  readonly #options: SessionOptions;
  readonly #macros = new Macros();
  #agreement: Agreement | undefined;
  #client: Client = {};
  #helo: string | undefined;
  #mail: Mail | undefined;
  #ended = false;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** The server has said goodbye. */
  get ended(): boolean {
    return this.#ended;
  }

  /** The mail under way, by the name of its task; undefined between mails. */
  get mailId(): string | undefined {
    return this.#mail?.id;
  }

  /** The server is gone. */
  close(): void {
    this.#forgetMail();
  }

  /** Takes one command. A promise is to be waited for before the next. Throws a Fault when the server breaks the
   *  protocol: nothing that follows can be trusted then. */
  receive({ command, data }: Frame): Promise<void> | undefined {
    if (command === c.SMFIC_OPTNEG) return this.#negotiate(data);
    const agreement = this.#agreement;
    if (agreement === undefined) throw new Fault("bad-input", "command before the negotiation");
    const waiting = this.#take(agreement, command, data);
    if (awaitsReply(agreement, command)) this.#options.send(continueFrame);
    return waiting;
  }

  #negotiate(data: Buffer): undefined {
    if (this.#mail !== undefined) throw new Fault("bad-input", "negotiation in the middle of a mail");
    this.#agreement = agree(decodeOffer(data));
    this.#options.send(encodeAgreement(this.#agreement));
  }

  #take(agreement: Agreement, command: number, data: Buffer): Promise<void> | undefined {
    switch (command) {
      case c.SMFIC_MACRO: {
        const { command: stage, macros } = decodeMacros(data);
        this.#macros.set(stage, macros);
        return undefined;
      }
      case c.SMFIC_CONNECT:
        this.#betweenMails("connect");
        this.#client = clientOf(decodeConnect(data));
        this.#helo = undefined;
        return undefined;
      case c.SMFIC_HELO:
        // RFC 5321, 4.1.4: EHLO clears the mail under way. Postfix tells of it before, or without, an ABORT.
        this.#forgetMail();
        this.#helo = decodeLine(data);
        return undefined;
      case c.SMFIC_MAIL:
        this.#betweenMails("mail");
        this.#begin(agreement, data);
        return undefined;
      case c.SMFIC_UNKNOWN:
        return undefined;
      case c.SMFIC_ABORT:
        this.#forgetMail();
        return undefined;
      case c.SMFIC_QUIT:
        this.#forgetMail();
        this.#ended = true;
        return undefined;
      case c.SMFIC_QUIT_NC:
        this.#forgetMail();
        this.#forgetConnection();
        return undefined;
      default:
        return this.#step(agreement, command, data);
    }
  }

  #begin(agreement: Agreement, data: Buffer): void {
    const settings = this.#options.settings();
    const path = decodePath(data);
    this.#mail = {
      id: this.#options.newId(),
      settings,
      envelope: new EnvelopeBuilder(path),
      message: new MessageBuilder(settings.limits, hasLeadingSpace(agreement)),
      stay: this.#options.room.enter(),
      said: sizeSaid(path.args),
      step: 0,
      isPutOff: false,
    };
  }

  #step(agreement: Agreement, command: number, data: Buffer): Promise<void> | undefined {
    const step = steps.indexOf(command);
    if (step < 0) throw new Fault("bad-input", `unknown command ${command}`);
    const mail = this.#mail;
    if (mail === undefined) throw new Fault("bad-input", `command ${String.fromCharCode(command)} outside of a mail`);
    if (step < mail.step || (step === mail.step && once.has(command)))
      throw new Fault("bad-input", `command ${String.fromCharCode(command)} out of order`);
    mail.step = step;
    switch (command) {
      case c.SMFIC_RCPT:
        if (mail.envelope.recipients >= maxRecipients) throw new Fault("too-large", `over ${maxRecipients} recipients`);
        mail.envelope.addRecipient(decodePath(data), this.#macros);
        return undefined;
      case c.SMFIC_HEADER:
        mail.message.addHeader(decodeHeader(data));
        return undefined;
      case c.SMFIC_EOH:
        mail.message.endHeaders();
        countBytes(mail, mail.message.size);
        return undefined;
      case c.SMFIC_BODY:
        return addBody(mail, data);
      case c.SMFIC_BODYEOB:
        if (data.length > 0) mail.message.addBody(data);
        return this.#finish(agreement, mail);
      default:
        return undefined;
    }
  }

  async #finish(agreement: Agreement, mail: Mail): Promise<void> {
    // A server gives up on a silent filter; Postfix after milter_content_timeout, which each sign of life sets back.
    const { send, progressEvery } = this.#options;
    const progress = setInterval(() => send(progressFrame), progressEvery);
    try {
      this.#answer(agreement, mail, await this.#decide(mail));
    } finally {
      clearInterval(progress);
      this.#forgetMail();
    }
  }

  #decide(mail: Mail): Promise<Decision> | Decision {
    const { id, settings, envelope, message } = mail;
    if (message.overLimit !== undefined) {
      const { oversized } = settings;
      this.#options.log.warn(
        { task: id, size: message.size, reason: message.overLimit, oversized },
        "message not scanned",
      );
      return oversized === "accept" && !mail.isPutOff
        ? { changes: [], reply: { kind: "accept" } }
        : tempfail(settings.tempfailMessage);
    }
    mail.stay.settle();
    return this.#options.decide({
      id,
      envelope: envelope.build(this.#client, this.#helo, this.#macros, settings.clientCa),
      ...message.build(),
    });
  }

  #answer(agreement: Agreement, mail: Mail, { changes, reply, dropped = [] }: Decision): void {
    const { log, send } = this.#options;
    for (const what of dropped) log.warn({ task: mail.id, what }, "change left out");
    const refused = changes.filter((change) => !canChange(agreement, change));
    for (const { kind } of refused) log.warn({ task: mail.id, what: kind }, "mail server does not offer this change");
    if (refused.some(({ kind }) => kind === "quarantine" || kind === "replace body")) {
      // Accepted without its quarantine, the mail would be delivered; without its new body, what was taken out of it.
      send(encodeReply(tempfail(mail.settings.tempfailMessage).reply));
      return;
    }
    const able = refused.length === 0 ? changes : changes.filter((change) => canChange(agreement, change));
    send(Buffer.concat([...able.map((change) => encodeChange(agreement, change)), encodeReply(reply)]));
  }

  #betweenMails(command: string): void {
    if (this.#mail !== undefined) throw new Fault("bad-input", `${command} in the middle of a mail`);
  }

  #forgetMail(): void {
    this.#mail?.stay.leave();
    this.#mail = undefined;
    this.#macros.forgetMail();
  }

  #forgetConnection(): void {
    this.#macros.forgetConnection();
    this.#client = {};
    this.#helo = undefined;
  }
}
