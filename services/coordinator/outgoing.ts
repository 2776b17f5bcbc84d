// A message as it goes out: with the headers that are removed, added and rewritten, each in its place. Signatures cover
// it in this form. What mail servers make of the same changes is in services/milter/message-changes.ts.

import { encodeText } from "../../shared/message/encode-word.ts";
import { isFieldName } from "../../shared/message/field-name.ts";
import { foldedValue } from "../../shared/message/folded-value.ts";
import type { Header } from "../../shared/task.ts";
import type { AddedHeader, Changes, RemovedHeader } from "../../shared/verdict.ts";

export interface HeaderEdits {
  readonly changes: Pick<Changes, "addHeaders" | "removeHeaders">;
  /** Rewritten subject, decoded. */
  readonly subject?: string;
}

/** The fields after the changes; undefined when they stay as they came. */
export function outgoingFields(
  fields: readonly Header[],
  { changes: { addHeaders, removeHeaders }, subject }: HeaderEdits,
): readonly Header[] | undefined {
  const doomed = doomedOf(fields, removeHeaders);
  // As the milter gateway has it: where some of several are removed, all go, and the new one comes at the end.
  if (subject !== undefined && [...doomed].some(isSubject))
    for (const field of fields.filter(isSubject)) doomed.add(field);
  if (doomed.size === 0 && addHeaders.length === 0 && subject === undefined) return undefined;
  const list = new FieldList(doomed.size === 0 ? fields : fields.filter((field) => !doomed.has(field)));
  for (const added of addHeaders) list.add(added);
  if (subject !== undefined) list.setSubject(subject);
  return list.fields();
}

function doomedOf(fields: readonly Header[], removed: readonly RemovedHeader[]): Set<Header> {
  const doomed = new Set<Header>();
  for (const { name, index } of removed) {
    const key = name.toLowerCase();
    const same = fields.filter((field) => field.key === key);
    // From 1, 0 all, negative from the end.
    const chosen = index === 0 ? same : same.slice(index < 0 ? index : index - 1).slice(0, 1);
    if (index < 0 && -index > same.length) continue;
    for (const field of chosen) doomed.add(field);
  }
  return doomed;
}

function isSubject({ key }: Header): boolean {
  return key === "subject";
}

class FieldList {
  /** Null stands for the trace header of the mail server itself, which nobody has seen: it has place 0. */
  readonly #rows: (Header | null)[];
  /** How many headers were put in at each place. */
  readonly #inserted = new Map<number, number>();

  constructor(fields: readonly Header[]) {
    this.#rows = [null, ...fields];
  }

  fields(): readonly Header[] {
    return this.#rows.filter((row) => row !== null);
  }

  /** Order is 0 and up from the top, -1 at the end, -2 before the last, and so on. */
  add({ name, value, order }: AddedHeader): void {
    const field = fieldOf(name, value);
    if (field === null) return;
    if (order === -1) {
      this.#rows.push(field);
      return;
    }
    const place = order >= 0 ? order : Math.max(0, this.#rows.length + order + 1);
    const before = this.#inserted.get(place) ?? 0;
    this.#rows.splice(place + before, 0, field);
    this.#inserted.set(place, before + 1);
  }

  /** Every one of several gets it. */
  setSubject(subject: string): void {
    const field = fieldOf("Subject", encodeText(subject, "Subject: ".length));
    if (field === null) return;
    let found = false;
    for (const [at, row] of this.#rows.entries()) {
      if (row === null || !isSubject(row)) continue;
      this.#rows[at] = field;
      found = true;
    }
    if (!found) this.#rows.push(field);
  }
}

function fieldOf(name: string, value: string): Header | null {
  const safe = isFieldName(name) ? foldedValue(value) : null;
  if (safe === null) return null;
  // One char a byte, as all fields have it.
  const raw = ` ${/[^\x00-\x7f]/.test(safe) ? Buffer.from(safe, "utf8").toString("latin1") : safe}`;
  return { name, key: name.toLowerCase(), raw, value: safe.replace(/\n[ \t]*/g, " ") };
}
