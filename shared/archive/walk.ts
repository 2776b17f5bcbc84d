// An archive and the archives in it, listed to a depth, a ratio and a total.

import { detectType } from "../message/file-type.ts";
import type { Archive, ArchiveFlaw, ArchiveKind, Entry, Member } from "./archive.ts";
import { standsAt } from "./bytes.ts";
import { type ArchiveLimits, allowance, type Budget, newBudget } from "./limits.ts";
import { openArchive } from "./open.ts";
import { isArchiveType } from "./type.ts";

export interface ListedEntry extends Entry {
  /** Type by the first bytes; "" when nothing is recognised or it could not be unpacked. */
  readonly detected: string;
  /** What is in it, when it is an archive that was opened. */
  readonly inside: Listing | null;
}

export interface Listing {
  readonly kind: ArchiveKind;
  readonly entries: readonly ListedEntry[];
  readonly flaws: readonly ArchiveFlaw[];
}

/** Sees the content of an entry that it asked for; it is not kept. */
export interface Visitor {
  /** Whether the content of an entry of this type is wanted. */
  wants(detected: string, name: string): boolean;
  visit(content: Buffer, entry: Entry, detected: string): void;
}

/** Bytes by which most types are told. Those of a tar or disc need more, and get it when the name says so. */
const headBytes = 4096;

/** Files that are told by bytes far behind the first, or hide an archive behind others. */
export const deepNames = /\.(?:tar|iso|img|udf|zip|rar|arj|7z|lzma|tlz|eml)$/i;

/** Lists `bytes` and what is in them; null for what is no archive. Never throws; limits that are reached are in `budget`. */
export function walkWithin(
  bytes: Buffer,
  name: string,
  budget: Budget,
  visitor: Visitor | null,
  depth = 1,
): Listing | null {
  const archive = openArchive(bytes, name, budget);
  return archive === null ? null : walk(archive, budget, visitor, depth);
}

/** Lists one archive with a budget of its own. */
export function walkArchive(
  bytes: Buffer,
  limits: ArchiveLimits,
  name = "",
): { readonly listing: Listing | null; readonly limits: readonly string[] } {
  const budget = newBudget(limits);
  const listing = walkWithin(bytes, name, budget, null);
  return { listing, limits: [...budget.reached] };
}

function walk(archive: Archive, budget: Budget, visitor: Visitor | null, depth: number): Listing {
  const entries = archive.members.map((member) => look(member, budget, visitor, depth));
  return { kind: archive.kind, entries, flaws: archive.flaws };
}

function look(member: Member, budget: Budget, visitor: Visitor | null, depth: number): ListedEntry {
  const { entry } = member;
  if (entry.directory || entry.encrypted) return { ...entry, detected: "", inside: null };
  if (budget.bytes <= 0) {
    budget.reached.add("unpacked");
    return { ...entry, detected: "", inside: null };
  }
  if (budget.contents <= 0) {
    budget.reached.add("contents");
    return { ...entry, detected: "", inside: null };
  }
  budget.contents--;
  const head = member.unpack(Math.min(headBytes, budget.bytes));
  budget.bytes -= head.work;
  const type = detectType(head.bytes);
  if (head.bytes.length === 0 || !(visitor?.wants(type, entry.name) || mayOpen(head.bytes, entry.name, type))) {
    return { ...entry, detected: type, inside: null };
  }
  const content = head.whole ? head.bytes : unpackWithin(member, head.bytes, budget);
  // The rest may tell a document from an archive.
  const detected = content.length > head.bytes.length ? detectType(content) : type;
  if (visitor?.wants(detected, entry.name)) visitor.visit(content, entry, detected);
  return { ...entry, detected, inside: openInner(content, entry.name, detected, budget, visitor, depth) };
}

/** Unpacks all that the limits allow. */
function unpackWithin(member: Member, head: Buffer, budget: Budget): Buffer {
  const packed = Math.max(0, member.entry.packed);
  const { most, limit } = allowance(budget, packed);
  const { bytes, whole, work } = member.unpack(most);
  budget.bytes -= work;
  if (!whole && (bytes.length >= most || work >= most)) budget.reached.add(limit);
  return bytes.length < head.length ? head : bytes;
}

/** Whether it can be an archive, by type, name, or the mark of a tar. */
function mayOpen(head: Buffer, name: string, detected: string): boolean {
  return isArchiveType(detected, name) || deepNames.test(name) || standsAt(head, 257, "ustar");
}

function openInner(
  content: Buffer,
  name: string,
  detected: string,
  budget: Budget,
  visitor: Visitor | null,
  depth: number,
): Listing | null {
  if (detected !== "" && !isArchiveType(detected, name) && !deepNames.test(name)) return null;
  if (depth >= budget.limits.depth) {
    if (detected !== "") budget.reached.add("depth");
    return null;
  }
  return walkWithin(content, name, budget, visitor, depth + 1);
}
