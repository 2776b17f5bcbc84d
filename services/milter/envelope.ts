// The envelope of one mail, gathered from SMTP commands and macros.

import { clientName } from "../../shared/client-name.ts";
import type { Envelope } from "../../shared/task.ts";
import type { Client } from "./client.ts";
import type { Macros } from "./macros.ts";
import { addressOf, argsOf } from "./path.ts";
import type { PathInfo } from "./wire/decode.ts";

type Growing = { -readonly [Key in keyof Envelope]: Envelope[Key] };

/** Value of {rcpt_mailer} for a recipient that the server has refused. */
const refusingMailer = "error";

/** Sender and recipients of one mail. */
export class EnvelopeBuilder {
  readonly #invalid: string[] = [];
  readonly #rcpts: string[] = [];
  readonly #rcptArgs: Readonly<Record<string, string>>[] = [];
  readonly #from: string | null;
  readonly #mailArgs: Readonly<Record<string, string>>;
  #mailer: string | undefined;

  constructor(sender: PathInfo) {
    this.#from = addressOf(sender.path);
    this.#mailArgs = argsOf(sender.args);
    if (this.#from === null) this.#invalid.push(sender.path);
  }

  /** Recipients that were named, whether they are addresses or not. */
  get recipients(): number {
    return this.#rcpts.length + this.#invalid.length;
  }

  addRecipient(recipient: PathInfo, macros: Macros): void {
    const mailer = macros.get("rcpt_mailer");
    macros.forgetRcpt();
    if (mailer === refusingMailer) return;
    this.#mailer ??= mailer;
    const address = addressOf(recipient.path);
    if (!address) {
      this.#invalid.push(recipient.path);
      return;
    }
    this.#rcpts.push(address);
    this.#rcptArgs.push(argsOf(recipient.args));
  }

  /** @param clientCa issuer of client certificates whose subject counts as a login; "" for none */
  build(client: Client, helo: string | undefined, macros: Macros, clientCa: string): Envelope {
    const envelope: Growing = { ...client, rcpts: this.#rcpts };
    // One of the two may have the name that the other lacks.
    const hostname = client.hostname || clientName(macros.get("client_name"));
    if (hostname) envelope.hostname = hostname;
    else if (hostname === "" && client.ip !== undefined) envelope.hostname = "";
    if (helo !== undefined) envelope.helo = helo;
    if (this.#from !== null) envelope.from = this.#from;
    if (Object.keys(this.#mailArgs).length > 0) envelope.mailArgs = this.#mailArgs;
    if (this.#rcptArgs.some((args) => Object.keys(args).length > 0)) envelope.rcptArgs = this.#rcptArgs;
    if (this.#invalid.length > 0) envelope.invalid = this.#invalid;
    if (this.#mailer !== undefined) envelope.mailer = this.#mailer;
    setMacros(envelope, macros, clientCa);
    return envelope;
  }
}

function setMacros(envelope: Growing, macros: Macros, clientCa: string): void {
  const issuer = macros.get("cert_issuer");
  const user = macros.get("auth_authen") ?? (clientCa && issuer === clientCa ? macros.get("cert_subject") : undefined);
  const queueId = macros.get("i");
  const mtaName = mtaNameOf(macros);
  const cipher = macros.get("cipher");
  const version = macros.get("tls_version");
  if (user !== undefined) envelope.user = user;
  if (queueId !== undefined) envelope.queueId = queueId;
  if (mtaName !== undefined) envelope.mtaName = mtaName;
  if (cipher !== undefined) envelope.tlsCipher = cipher;
  if (version !== undefined) envelope.tlsVersion = version;
  if (issuer !== undefined) envelope.tlsIssuer = issuer;
}

/** Postfix says its host name in {daemon_name}, Sendmail the name of a port ("MTA"), and some set it to a word such as
 *  "ORIGINATING" to mark a port: only a name with a dot names the server. */
function mtaNameOf(macros: Macros): string | undefined {
  const daemon = macros.get("daemon_name");
  return daemon?.includes(".") ? daemon : (macros.get("j") ?? daemon);
}
