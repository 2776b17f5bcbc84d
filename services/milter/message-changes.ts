// The changes of a verdict to message and envelope, in the order in which they are made: headers removed, headers added,
// sender, recipients, signatures, the mark of the action, and the body.

import { encodeText } from "../../shared/message/encode-word.ts";
import { isFieldName } from "../../shared/message/field-name.ts";
import { foldSignature } from "../../shared/message/fold-signature.ts";
import { foldedValue } from "../../shared/message/folded-value.ts";
import type { Verdict } from "../../shared/verdict.ts";
import { isAddress } from "./path.ts";
import type { Change } from "./transaction.ts";

export interface MessageChanges {
  readonly changes: readonly Change[];
  readonly dropped: readonly string[];
}

/** @param headerNames names of the message's headers in lower case, from the top */
export function messageChanges(verdict: Verdict, headerNames: readonly string[], spamHeader: string): MessageChanges {
  const draft = new Draft(headerNames);
  const { changes } = verdict;
  const marksSpam = verdict.action === "add header";
  for (const { name, index } of changes.removeHeaders) draft.remove(name, index);
  if (marksSpam) draft.remove(spamHeader, 0);
  const subject = verdict.action === "rewrite subject" ? verdict.subject : undefined;
  if (subject !== undefined) draft.makeWayForSubject();
  draft.removeAll();
  for (const { name, value, order } of changes.addHeaders) draft.add(name, value, order);
  if (changes.changeFrom !== undefined) draft.address("change from", changes.changeFrom);
  for (const address of changes.addRcpts ?? []) draft.address("add rcpt", address);
  for (const address of changes.deleteRcpts ?? []) draft.address("delete rcpt", address);
  changes.dkimSignatures.forEach((value, at) => {
    draft.insert("DKIM-Signature", foldSignature(value, "\n"), at + 1);
  });
  if (marksSpam) draft.add(spamHeader, changes.spamHeader ?? "Yes", -1);
  if (subject !== undefined) draft.setSubject(subject);
  if (changes.body !== undefined) draft.changes.push({ kind: "replace body", body: changes.body });
  return { changes: draft.changes, dropped: draft.dropped };
}

/** A message as it will be, as far as headers are counted. */
class Draft {
  readonly changes: Change[] = [];
  readonly dropped: string[] = [];
  readonly #names: readonly string[];
  /** Numbers, from 1, of the headers to delete, by lower-case name. */
  readonly #doomed = new Map<string, Set<number>>();
  /** How many headers were put in at each place. */
  readonly #inserted = new Map<number, number>();
  #count: number;

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#count = names.length;
  }

  /** @param index which of several: from 1, 0 all, negative from the end */
  remove(name: string, index: number): void {
    const key = name.toLowerCase();
    const total = this.#countOf(key);
    const doomed = this.#doomed.get(key) ?? new Set();
    this.#doomed.set(key, doomed);
    if (index === 0) for (let n = 1; n <= total; n++) doomed.add(n);
    const n = index < 0 ? total + index + 1 : index;
    if (n >= 1 && n <= total) doomed.add(n);
  }

  /** From the last to the first: Postfix counts anew after each deletion, Sendmail does not. */
  removeAll(): void {
    for (const [name, doomed] of this.#doomed) {
      for (const index of [...doomed].sort((a, b) => b - a)) this.changes.push({ kind: "delete header", name, index });
      this.#count -= doomed.size;
    }
  }

  /** @param order 0 and up from the top, -1 at the end, -2 before the last, and so on */
  add(name: string, value: string, order: number): void {
    if (order === -1) {
      this.#push(name, value, (safe) => ({ kind: "add header", name, value: safe }));
      return;
    }
    // The server's own trace header, which is not in the count, has place 0.
    const place = order >= 0 ? order : Math.max(0, this.#count + order + 2);
    // The first at its place goes right there, further ones below it, so that they stay in their order.
    const before = this.#inserted.get(place) ?? 0;
    if (this.insert(name, value, place + before)) this.#inserted.set(place, before + 1);
  }

  insert(name: string, value: string, index: number): boolean {
    return this.#push(name, value, (safe) => ({ kind: "insert header", index, name, value: safe }));
  }

  address(kind: "change from" | "add rcpt" | "delete rcpt", address: string): void {
    const bare = /^<(.*)>$/s.exec(address)?.[1] ?? address;
    if (isAddress(bare) && (bare !== "" || kind === "change from")) this.changes.push({ kind, address: bare });
    else this.dropped.push(`${kind}: no address`);
  }

  /** Where some of several are to be removed, servers do not agree on what number the others have: all go. */
  makeWayForSubject(): void {
    if (this.#doomed.get("subject")?.size) this.remove("subject", 0);
  }

  /** Every one of several gets it: readers do not agree on which of them they show (RFC 5322, 3.6 allows one). */
  setSubject(subject: string): void {
    const value = encodeText(subject, "Subject: ".length);
    const kept = this.#doomed.get("subject")?.size ? 0 : this.#countOf("subject");
    if (kept === 0) this.changes.push({ kind: "add header", name: "Subject", value });
    for (let index = 1; index <= kept; index++) {
      this.changes.push({ kind: "change header", index, name: "Subject", value });
    }
  }

  #countOf(key: string): number {
    return this.#names.filter((name) => name === key).length;
  }

  #push(name: string, value: string, change: (safe: string) => Change): boolean {
    const safe = isFieldName(name) ? foldedValue(value) : null;
    if (safe === null) {
      this.dropped.push(`header ${JSON.stringify(name.slice(0, 80))}`);
      return false;
    }
    this.changes.push(change(safe));
    this.#count++;
    return true;
  }
}
