// Making signatures. Whose key, which fields and when is for the caller to decide.

import type { KeyObject } from "node:crypto";
import { Fault } from "../../../shared/fault.ts";
import { isHostName } from "../../../shared/message/domain.ts";
import { type Form, headerForm } from "./header-form.ts";
import type { SignedMessage } from "./message.ts";
import { algorithmOf, signText } from "./private-key.ts";
import { mostNames } from "./signature.ts";
import { folded, inOneLine } from "./written.ts";

/** A field to sign: every one that is there, and so many more times, so that none can be added (RFC 6376, 8.15). */
export interface SignedName {
  readonly name: string;
  /** Default 0: a field that is not there is not mentioned. */
  readonly over?: number;
}

export interface Signer {
  /** d= and s=, in ASCII. */
  readonly domain: string;
  readonly selector: string;
  /** Private, RSA or Ed25519. */
  readonly key: KeyObject;
}

export interface SigningOptions extends Signer {
  readonly headerForm: Form;
  readonly bodyForm: Form;
  /** From must be among them. */
  readonly names: readonly SignedName[];
  /** t= and x=, ms since 1970. */
  readonly time?: number;
  readonly expires?: number;
  /** i=: "user@example.org". */
  readonly identity?: string;
}

/**
 * The value of a new DKIM-Signature for the message. It stands behind "DKIM-Signature: " with one blank. In `relaxed`
 * form it is one line; blanks may become folds. In `simple` form it comes folded with CRLF and may only be folded
 * further inside b=. Both is what `foldSignature` does. Faults with `bad-input` on options that make no signature.
 */
export function signMessage(message: SignedMessage, options: SigningOptions): string {
  const { headerForm: header, bodyForm: body, identity, time, expires } = options;
  const names = signedNames(message, options.names);
  const tags = [
    "v=1",
    `a=${algorithmOf(options.key)}`,
    `c=${header}/${body}`,
    ...signerTags(options),
    ...(identity === undefined ? [] : [`i=${identityTag(identity, options.domain)}`]),
    ...(time === undefined ? [] : [`t=${seconds(time)}`]),
    ...(expires === undefined ? [] : [`x=${seconds(expires)}`]),
    `h=${names.join(":")}`,
    `bh=${message.bodyHash(body, Number.POSITIVE_INFINITY).digest}`,
    "b=",
  ];
  const name = "DKIM-Signature";
  const value = header === "simple" ? folded(name, tags, "\r\n") : inOneLine(tags);
  const own = headerForm({ name, key: "dkim-signature", raw: ` ${value}` }, header);
  return value + signText(options.key, message.selection(names, header, null) + own);
}

export function signerTags({ domain, selector }: Signer): readonly string[] {
  if (!isHostName(domain.toLowerCase())) throw new Fault("bad-input", `"${domain}" is no domain to sign for`);
  if (!isHostName(selector.toLowerCase())) throw new Fault("bad-input", `"${selector}" is no selector`);
  return [`d=${domain}`, `s=${selector}`];
}

/** The names for h=: each as often as the field is there, and as often more as was asked for. */
export function signedNames(message: SignedMessage, wanted: readonly SignedName[]): readonly string[] {
  const names: string[] = [];
  const seen = new Set<string>();
  for (const { name, over = 0 } of wanted) {
    const key = name.toLowerCase();
    if (!/^[!-9<-~]+$/.test(key)) throw new Fault("bad-input", `"${name}" is no header field to sign`);
    if (seen.has(key)) continue;
    seen.add(key);
    let count = over;
    for (const field of message.fields) if (field.key === key) count++;
    // Beyond that we would not read it ourselves; a message with so many fields still gets its signature.
    for (let n = 0; n < count && names.length < mostNames; n++) names.push(key);
  }
  // RFC 6376, 5.4
  if (!names.includes("from")) throw new Fault("bad-input", "From is not among the header fields to sign");
  return names;
}

export function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

/** RFC 6376, 2.11: what would end the tag, and what is not ASCII, is written as its bytes. */
function identityTag(identity: string, domain: string): string {
  const at = identity.lastIndexOf("@");
  const host = identity.slice(at + 1).toLowerCase();
  const own = domain.toLowerCase();
  if (at === -1 || (host !== own && !host.endsWith(`.${own}`))) {
    throw new Fault("bad-input", `the identity "${identity}" is not within ${domain}`);
  }
  const local = Buffer.from(identity.slice(0, at), "utf8").toString("latin1");
  const safe = local.replace(
    /[^!-:<>-~]/g,
    (char) => `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
  return `${safe}@${host}`;
}
