// The Sender Rewriting Scheme (Meng Weng Wong's draft; libsrs2 and postsrsd for what it leaves open, so that what they
// have rewritten comes back through us and the other way round):
//
//   SRS0=HASH=TIME=host=user@ours            of user@host
//   SRS1=HASH=first==HASH=TIME=host=user@ours   of SRS0=HASH=TIME=host=user@first, and of any SRS1 that leads to it

import { createHmac, timingSafeEqual } from "node:crypto";
import { asciiHost, isHostName } from "../message/domain.ts";

export interface SrsOptions {
  /** In ASCII and lower case. */
  readonly domain: string;
  /** The first signs, all are accepted. */
  readonly secret: readonly string[];
  readonly separator: string;
  /** Characters of base64. */
  readonly hash_length: number;
  /** ms */
  readonly max_age: number;
}

/** RFC 5321, 4.5.3.1.3: with the brackets around it 256. */
const longestAddress = 254;
/** Hashes of other lengths than ours, from before the configuration changed, are taken too. */
const shortestHash = 4;
const day = 86_400_000;
/** Days are counted in two characters of base32. */
const slots = 1_024;
const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** Characters that need no quotes (RFC 5322, 3.2.3). */
const dotAtom = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/;
const srs0 = /^SRS0[=+-]/i;
const srs1 = /^SRS1[=+-]([^=]+)=([^=]+)=([=+-].+)$/i;

/** The sender in our name; why it cannot be. @param now ms since 1970 */
export function rewriteSender(sender: string, options: SrsOptions, now: number): string | Error {
  const at = sender.lastIndexOf("@");
  const user = sender.slice(0, at);
  const host = asciiHost(sender.slice(at + 1));
  if (at < 1 || !isHostName(host)) return new Error("no address");
  if (!dotAtom.test(user)) return new Error("an address in quotes, or beyond ASCII");
  const address = `${localPart(user, host, options, now)}@${options.domain}`;
  return address.length <= longestAddress ? address : new Error("too long");
}

function localPart(user: string, host: string, options: SrsOptions, now: number): string {
  const { separator } = options;
  const [, , first, opaque] = srs1.exec(user) ?? [];
  if (first !== undefined && opaque !== undefined && isHostName(first.toLowerCase())) {
    return `SRS1${separator}${hashOf(options, [first, opaque])}=${first}=${opaque}`;
  }
  if (srs0.test(user)) {
    const rest = user.slice(4);
    return `SRS1${separator}${hashOf(options, [host, rest])}=${host}=${rest}`;
  }
  const time = timeOf(now);
  return `SRS0${separator}${hashOf(options, [time, host, user])}=${time}=${host}=${user}`;
}

/**
 * The address before it was rewritten; undefined for one that we have not rewritten: of another domain, of other secrets,
 * too old, or made up. @param now ms since 1970
 */
export function restoreSender(address: string, options: SrsOptions, now: number): string | undefined {
  if (address.length > longestAddress) return undefined;
  const at = address.lastIndexOf("@");
  if (at === -1 || asciiHost(address.slice(at + 1)) !== options.domain) return undefined;
  const local = address.slice(0, at);
  if (!dotAtom.test(local)) return undefined;
  const [, hash = "", first = "", opaque] = srs1.exec(local) ?? [];
  if (opaque !== undefined) {
    const good = isHostName(first.toLowerCase()) && isHashOf(hash, options, [first, opaque]);
    return good ? `SRS0${opaque}@${first}` : undefined;
  }
  const [, own = "", time = "", host = "", user = ""] = /^SRS0[=+-]([^=]+)=([^=]{2})=([^=]+)=(.+)$/i.exec(local) ?? [];
  if (!isHostName(host.toLowerCase()) || !isHashOf(own, options, [time, host, user])) return undefined;
  return isRecent(time, options.max_age, now) ? `${user}@${host}` : undefined;
}

function hashOf({ secret: [first = ""], hash_length }: SrsOptions, parts: readonly string[]): string {
  return hmac(first, parts).slice(0, hash_length);
}

/** SHA-1, as all others have it: what HMAC asks of a hash it still gives (RFC 6194, 3.3). Letters are of one case, for
 *  servers on the way may change it. */
function hmac(secret: string, parts: readonly string[]): string {
  return createHmac("sha1", secret).update(parts.join("").toLowerCase()).digest("base64");
}

function isHashOf(given: string, { secret }: SrsOptions, parts: readonly string[]): boolean {
  if (given.length < shortestHash || given.length > 28) return false;
  const written = Buffer.from(given.toLowerCase());
  let good = false;
  for (const each of secret) {
    const expected = Buffer.from(hmac(each, parts).slice(0, given.length).toLowerCase());
    if (expected.length === written.length && timingSafeEqual(expected, written)) good = true;
  }
  return good;
}

function timeOf(now: number): string {
  const today = Math.floor(now / day) % slots;
  return `${base32[today >> 5]}${base32[today & 31]}`;
}

function isRecent(time: string, maxAge: number, now: number): boolean {
  const [high = -1, low = -1] = [...time.toUpperCase()].map((char) => base32.indexOf(char));
  if (high < 0 || low < 0) return false;
  const age = ((Math.floor(now / day) % slots) - (high * 32 + low) + slots) % slots;
  // A day ahead is a clock that goes before.
  return age <= Math.floor(maxAge / day) || age === slots - 1;
}
