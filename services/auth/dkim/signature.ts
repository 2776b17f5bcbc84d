// A signature as its header field says it: DKIM-Signature (RFC 6376, 3.5) and ARC-Message-Signature (RFC 8617, 4.1.2),
// which has the same tags but for the version and i=.

import { asciiHost, isHostName } from "../../../shared/message/domain.ts";
import type { Header } from "../../../shared/task.ts";
import type { Form } from "./header-form.ts";
import { parseTags, type TagList, withoutBlanks } from "./tag-list.ts";

/** What a signature claims, as far as it can be read: "" where it cannot. */
export interface Claim {
  /** d=, lower case, in ASCII. */
  readonly domain: string;
  readonly selector: string;
  /** i=, or "@" and d=. */
  readonly identity: string;
  /** a=, lower case. */
  readonly algorithm: string;
  /** First characters of b=. */
  readonly b: string;
  /** Has l=. */
  readonly partial: boolean;
}

export type KeyType = "rsa" | "ed25519";

/** The signature proper: how and with what to check it. */
export interface Seal {
  readonly domain: string;
  readonly selector: string;
  readonly keyType: KeyType;
  /** Signature bytes. */
  readonly signature: Buffer;
  /** The value of its field up to and behind what b= has: what was signed (RFC 6376, 3.7). */
  readonly unsigned: string;
}

/** A signature over header fields and body. */
export interface Signature extends Seal {
  readonly headerForm: Form;
  readonly bodyForm: Form;
  /** h= in lower case. */
  readonly names: readonly string[];
  /** In base64. */
  readonly bodyHash: string;
  /** l=; Infinity without one. */
  readonly length: number;
  /** Domain of i=. */
  readonly identityDomain: string;
}

/** A signature, or why it is none. */
export type Read<What> = { readonly claim: Claim } & (
  | { readonly signature: What; readonly refused: "" }
  | { readonly signature: null; readonly refused: string }
);

/** When signatures are looked at. */
export interface Clock {
  /** ms since 1970. */
  readonly now: number;
  /** ms by which clocks may differ. */
  readonly jitter: number;
}

/** Characters of a field: z= copies header fields, so there are long ones. */
const longestField = 32_768;
/** Names in h=. */
export const mostNames = 256;
/** Characters of b=: of an RSA key of 4,096 bits it has 684. */
const longestBase64 = 2_048;
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;
const noClaim: Claim = { domain: "", selector: "", identity: "", algorithm: "", b: "", partial: false };

/** Reads a DKIM-Signature. */
export function readSignature(field: Header, clock: Clock): Read<Signature> {
  return read(field, (tags, claim) => {
    const version = tags.get("v")?.value;
    if (version === undefined) return "no v=";
    if (version !== "1") return "unknown version";
    const identityDomain = identityDomainOf(claim);
    if (identityDomain === null) return "i= is not within d=";
    return signatureOf(field, tags, claim, clock, identityDomain);
  });
}

/** Reads an ARC-Message-Signature; i= counts its instance and is for the caller. */
export function readMessageSignature(field: Header, clock: Clock): Read<Signature> {
  return read(field, (tags, claim) => {
    const signature = signatureOf(field, tags, claim, clock, claim.domain);
    if (typeof signature === "string") return signature;
    // RFC 8617, 4.1.2: seals cannot be signed here, for they are made later.
    return signature.names.includes("arc-seal") ? "ARC-Seal is among the signed fields" : signature;
  });
}

/** Reads the field of a signature with the tags that all kinds have, and `rest` what is special to the kind. */
export function read<What>(field: Header, rest: (tags: TagList, claim: Claim) => What | string): Read<What> {
  if (field.raw.length > longestField) {
    return { claim: noClaim, signature: null, refused: `longer than ${longestField} bytes` };
  }
  const tags = parseTags(field.raw);
  if (typeof tags === "string") return { claim: noClaim, signature: null, refused: tags };
  const claim = claimOf(tags);
  const signature = rest(tags, claim);
  return typeof signature === "string"
    ? { claim, signature: null, refused: signature }
    : { claim, signature, refused: "" };
}

/** The tags of the signature proper; a text is what is wrong with them. */
export function sealOf(field: Header, tags: TagList, claim: Claim): Seal | string {
  for (const name of ["a", "b", "d", "s"]) if (!tags.has(name)) return `no ${name}=`;
  if (claim.domain === "") return "d= is no domain";
  if (claim.selector === "") return "s= is no selector";
  const keyType = keyTypeOf(claim.algorithm);
  if (typeof keyType !== "object") return keyType;
  const b = tags.get("b");
  const signature = base64Of(b?.value ?? "");
  if (b === undefined || signature === null) return "b= is not base64";
  const unsigned = field.raw.slice(0, b.start) + field.raw.slice(b.end);
  return {
    domain: claim.domain,
    selector: claim.selector,
    keyType: keyType.type,
    signature: Buffer.from(signature, "base64"),
    unsigned,
  };
}

function keyTypeOf(algorithm: string): { readonly type: KeyType } | string {
  if (algorithm === "rsa-sha256") return { type: "rsa" };
  if (algorithm === "ed25519-sha256") return { type: "ed25519" };
  // RFC 8301, 3.1: whatever it says, it has failed.
  if (algorithm === "rsa-sha1") return "rsa-sha1 is historic";
  return "unknown algorithm";
}

function signatureOf(
  field: Header,
  tags: TagList,
  claim: Claim,
  clock: Clock,
  identityDomain: string,
): Signature | string {
  const seal = sealOf(field, tags, claim);
  if (typeof seal === "string") return seal;
  for (const name of ["bh", "h"]) if (!tags.has(name)) return `no ${name}=`;
  const bodyHash = base64Of(tags.get("bh")?.value ?? "");
  if (bodyHash === null) return "bh= is not base64";
  const names = namesOf(tags.get("h")?.value ?? "");
  if (typeof names === "string") return names;
  const forms = formsOf(tags.get("c")?.value ?? "simple/simple");
  if (forms === null) return "unknown canonicalization";
  const length = numberOf(tags.get("l")?.value, Number.POSITIVE_INFINITY);
  if (length === null) return "l= is no number";
  if (!(tags.get("q")?.value ?? "dns/txt").split(":").some(isTxtQuery)) return "unknown query method";
  const late = lateness(tags, clock);
  if (late !== "") return late;
  return { ...seal, ...forms, names, bodyHash, length, identityDomain };
}

/** RFC 6376, 3.5: i= is of the domain d= or one below it. */
function identityDomainOf({ identity, domain }: Claim): string | null {
  const at = identity.lastIndexOf("@");
  if (at === -1) return null;
  const host = hostOf(identity.slice(at + 1));
  return host === domain || host.endsWith(`.${domain}`) ? host : null;
}

function isTxtQuery(method: string): boolean {
  return withoutBlanks(method).toLowerCase() === "dns/txt";
}

/** What t= and x= have against the signature (RFC 6376, 3.5 and 6.1.1); "" for nothing. */
function lateness(tags: TagList, { now, jitter }: Clock): string {
  const made = numberOf(tags.get("t")?.value, 0);
  if (made === null) return "t= is no number";
  const expires = numberOf(tags.get("x")?.value, Number.POSITIVE_INFINITY);
  if (expires === null) return "x= is no number";
  if (expires < made) return "expires before it was made";
  if (made * 1000 > now + jitter) return "made in the future";
  return expires * 1000 < now - jitter ? "expired" : "";
}

function numberOf(value: string | undefined, missing: number): number | null {
  if (value === undefined) return missing;
  // RFC 6376, 3.5: up to 76 digits; where a number is too large to be exact, it is far away.
  return /^\d{1,76}$/.test(value) ? Number(value) : null;
}

function formsOf(value: string): { readonly headerForm: Form; readonly bodyForm: Form } | null {
  const [header = "", body = "simple", more] = value.toLowerCase().split("/");
  const headerForm = formOf(header);
  const bodyForm = formOf(body);
  return headerForm === null || bodyForm === null || more !== undefined ? null : { headerForm, bodyForm };
}

function formOf(word: string): Form | null {
  return word === "simple" || word === "relaxed" ? word : null;
}

function namesOf(value: string): readonly string[] | string {
  const words = withoutBlanks(value)
    .toLowerCase()
    .split(":", mostNames + 1);
  if (words.length > mostNames) return `more than ${mostNames} names in h=`;
  // An empty name selects no field, so it does no harm.
  const names = words.filter((name) => name !== "");
  // RFC 6376, 5.4: what does not sign the author signs nothing that anybody sees.
  return names.includes("from") ? names : "From is not signed";
}

/** Base64 without blanks; null when it is something else. */
function base64Of(value: string): string | null {
  const text = withoutBlanks(value);
  return text.length <= longestBase64 && base64.test(text) ? text : null;
}

function claimOf(tags: TagList): Claim {
  const domain = hostOf(tags.get("d")?.value ?? "");
  const selector = selectorOf(tags.get("s")?.value ?? "");
  return {
    domain,
    selector,
    identity: textOf(tags.get("i")?.value ?? `@${domain}`).slice(0, 320),
    algorithm: (tags.get("a")?.value ?? "").toLowerCase().slice(0, 32),
    b: withoutBlanks((tags.get("b")?.value ?? "").slice(0, 64)).slice(0, 8),
    partial: tags.has("l"),
  };
}

/** As it was written, but in ASCII; "" when it is none. */
function selectorOf(value: string): string {
  return isHostName(value.toLowerCase()) ? value : hostOf(value);
}

/** A domain in ASCII and lower case; "" when it is none. Internationalised mail has it in UTF-8 (RFC 8616, 5). */
function hostOf(value: string): string {
  if (value.length > 1_024) return "";
  const host = asciiHost(textOf(value));
  return isHostName(host) ? host : "";
}

/** Characters from bytes that stand one in a char each. */
function textOf(value: string): string {
  return /[\x80-\xff]/.test(value) ? Buffer.from(value, "latin1").toString("utf8") : value;
}
