// The sets of an Authenticated Received Chain as they stand in the headers (RFC 8617, 4.2): each has one header field
// for the results, one signature over the message and one seal over the sets so far.

import { withoutComments } from "../../../shared/message/comment.ts";
import type { Header } from "../../../shared/task.ts";
import {
  type Claim,
  type Clock,
  type Read,
  read,
  readMessageSignature,
  type Seal,
  type Signature,
  sealOf,
} from "../dkim/signature.ts";
import { parseTags, type TagList } from "../dkim/tag-list.ts";

/** Chain validation status as a seal states it. */
export type ChainStatus = "none" | "pass" | "fail";

export interface ArcSeal extends Seal {
  readonly cv: ChainStatus;
}

export interface ArcSet {
  readonly instance: number;
  readonly results: Header;
  readonly message: Header;
  readonly seal: Header;
  readonly messageSignature: Read<Signature>;
  readonly sealSignature: Read<ArcSeal>;
}

/** The sets from 1 up; a text is what is wrong with the chain; null when there is none. */
export type Sets = readonly [ArcSet, ...ArcSet[]] | string | null;

/** RFC 8617, 4.2.1 */
export const mostSets = 50;
/** Characters of all fields of a chain: each seal covers the sets before it once more. */
const longestChain = 262_144;

const keys = ["arc-authentication-results", "arc-message-signature", "arc-seal"] as const;
type Key = (typeof keys)[number];

export function isArcField({ key }: Pick<Header, "key">): boolean {
  return keys.some((name) => name === key);
}

/** Puts the fields together to sets, 1 to N without gaps (RFC 8617, 5.2, steps 1 and 3). */
export function collectSets(fields: readonly Header[], clock: Clock): Sets {
  const found: Record<Key, Map<number, Header>> = {
    "arc-authentication-results": new Map(),
    "arc-message-signature": new Map(),
    "arc-seal": new Map(),
  };
  let count = 0;
  let size = 0;
  for (const field of fields) {
    const key = keys.find((name) => name === field.key);
    if (key === undefined) continue;
    size += field.raw.length;
    if (++count > keys.length * mostSets) return `more than ${mostSets} sets`;
    if (size > longestChain) return `more than ${longestChain} bytes`;
    const instance = instanceOf(field);
    if (instance === null) return `${field.name.slice(0, 32)} without an instance`;
    if (found[key].has(instance)) return `two ${field.name.slice(0, 32)} i=${instance}`;
    found[key].set(instance, field);
  }
  if (count === 0) return null;
  const sets: ArcSet[] = [];
  for (let instance = 1; sets.length * keys.length < count; instance++) {
    const results = found["arc-authentication-results"].get(instance);
    const message = found["arc-message-signature"].get(instance);
    const seal = found["arc-seal"].get(instance);
    if (results === undefined || message === undefined || seal === undefined) return `set ${instance} is not whole`;
    const messageSignature = readMessageSignature(message, clock);
    sets.push({ instance, results, message, seal, messageSignature, sealSignature: readSeal(seal) });
  }
  const [first, ...further] = sets;
  return first === undefined ? null : [first, ...further];
}

/** The instance of a field of ARC (RFC 8617, 4.2.1): 1 to 50; null when it states none. */
export function instanceOf(field: Header): number | null {
  const text = field.key === "arc-authentication-results" ? leadingInstance(field.raw) : tagInstance(field.raw);
  const instance = /^0*([1-9]\d?)$/.exec(text)?.[1];
  return instance === undefined || Number(instance) > mostSets ? null : Number(instance);
}

/** Results are no tag list, but i= stands first, closed by a semicolon (RFC 8617, 4.1.1). */
function leadingInstance(raw: string): string {
  const head = withoutComments(raw.slice(0, 256), 3, () => {});
  return /^[ \t\r\n]*i[ \t\r\n]*=[ \t\r\n]*(\d{1,4})[ \t\r\n]*;/.exec(head)?.[1] ?? "";
}

function tagInstance(raw: string): string {
  const tags = parseTags(raw);
  return typeof tags === "string" ? "" : (tags.get("i")?.value ?? "");
}

/** Reads an ARC-Seal (RFC 8617, 4.1.3). */
function readSeal(field: Header): Read<ArcSeal> {
  return read(field, (tags, claim) => sealTags(field, tags, claim));
}

function sealTags(field: Header, tags: TagList, claim: Claim): ArcSeal | string {
  const seal = sealOf(field, tags, claim);
  if (typeof seal === "string") return seal;
  // RFC 8617, 4.1.3: it covers the chain and nothing else.
  if (tags.has("h")) return "h= has no place in a seal";
  const cv = tags.get("cv")?.value.toLowerCase();
  if (cv !== "none" && cv !== "pass" && cv !== "fail") return "no cv=";
  return { ...seal, cv };
}
