// What findings say to the verdict: results of authentication, and changes to message and envelope (shared/check.ts:
// Finding). Findings come over the bus and may be those of an operator's rules, so they are read here as input is.

import { isFieldName } from "../../shared/message/field-name.ts";
import type { AddedHeader, AuthenticationResult, Changes, RemovedHeader } from "../../shared/verdict.ts";

export interface Contributions {
  /** dkim, spf, dmarc, arc, then others by their name; of one method in the order of the checks' names. */
  readonly authentication: readonly AuthenticationResult[];
  readonly changes: Changes;
}

const noChanges: Changes = { addHeaders: [], removeHeaders: [], dkimSignatures: [] };

/** Things of one kind that are taken of one finding, and characters of a text. */
const most = 100;
const longest = 65_536;

/** What cannot be is left out. Of two checks that say different things, the later by name has its way. */
export function contributions(findings: Readonly<Record<string, unknown>>): Contributions {
  const authentication: AuthenticationResult[] = [];
  let changes = noChanges;
  for (const check of Object.keys(findings).sort()) {
    const finding = findings[check];
    if (!isRecord(finding)) continue;
    if (finding.authentication !== undefined) authentication.push(...listOf(finding.authentication, readResult));
    if (isRecord(finding.changes)) changes = merge(changes, finding.changes);
  }
  return { authentication: authentication.sort(byMethod), changes };
}

const methods = ["dkim", "spf", "dmarc", "arc"];

function byMethod(a: AuthenticationResult, b: AuthenticationResult): number {
  const rank = ({ method }: AuthenticationResult) =>
    methods.includes(method) ? methods.indexOf(method) : methods.length;
  return rank(a) - rank(b) || (a.method < b.method ? -1 : a.method > b.method ? 1 : 0);
}

function merge(before: Changes, given: Readonly<Record<string, unknown>>): Changes {
  const { changeFrom, spamHeader, body } = given;
  const addRcpts = listOf(given.addRcpts, readText);
  const deleteRcpts = listOf(given.deleteRcpts, readText);
  return {
    ...before,
    addHeaders: [...before.addHeaders, ...listOf(given.addHeaders, readAddedHeader)],
    removeHeaders: [...before.removeHeaders, ...listOf(given.removeHeaders, readRemovedHeader)],
    dkimSignatures: [...before.dkimSignatures, ...listOf(given.dkimSignatures, readValue)],
    ...(addRcpts.length === 0 ? {} : { addRcpts: [...new Set([...(before.addRcpts ?? []), ...addRcpts])] }),
    ...(deleteRcpts.length === 0 ? {} : { deleteRcpts: [...new Set([...(before.deleteRcpts ?? []), ...deleteRcpts])] }),
    ...(readText(changeFrom) === undefined ? {} : { changeFrom: String(changeFrom) }),
    ...(readValue(spamHeader) === undefined ? {} : { spamHeader: String(spamHeader) }),
    ...(body instanceof Uint8Array ? { body } : {}),
  };
}

function listOf<Item>(given: unknown, read: (item: unknown) => Item | undefined): readonly Item[] {
  if (!Array.isArray(given)) return [];
  const items: Item[] = [];
  for (const one of given.slice(0, most)) {
    const item = read(one);
    if (item !== undefined) items.push(item);
  }
  return items;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Text on one line. */
function readText(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= longest && !/[\r\n\0]/.test(value) ? value : undefined;
}

/** The value of a header, folded with LF: a line that goes on begins with a blank, or it would be a header of its own. */
function readValue(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= longest && !/[\r\0]|\n(?![ \t])/.test(value) ? value : undefined;
}

function readAddedHeader(given: unknown): AddedHeader | undefined {
  if (!isRecord(given)) return undefined;
  const { name, order } = given;
  const value = readValue(given.value);
  if (typeof name !== "string" || !isFieldName(name) || value === undefined) return undefined;
  return { name, value, order: typeof order === "number" && Number.isSafeInteger(order) ? order : -1 };
}

function readRemovedHeader(given: unknown): RemovedHeader | undefined {
  if (!isRecord(given)) return undefined;
  const { name, index } = given;
  if (typeof name !== "string" || !isFieldName(name)) return undefined;
  return typeof index === "number" && Number.isSafeInteger(index) ? { name, index } : undefined;
}

/** RFC 8601, 2.2: methods and results are keywords, a property is a type and a name. */
const keyword = /^[a-z][a-z0-9-]{0,40}$/i;
const propertyName = /^[a-z]{1,20}\.[a-z0-9-]{1,40}$/i;

function readResult(given: unknown): AuthenticationResult | undefined {
  if (!isRecord(given)) return undefined;
  const { method, result, reason, comment } = given;
  if (typeof method !== "string" || !keyword.test(method)) return undefined;
  if (typeof result !== "string" || !keyword.test(result)) return undefined;
  return {
    method,
    result,
    ...(typeof reason === "string" && reason !== "" ? { reason } : {}),
    ...(typeof comment === "string" && comment !== "" ? { comment } : {}),
    properties: listOf(given.properties, readProperty),
  };
}

function readProperty(given: unknown): readonly [string, string] | undefined {
  if (!Array.isArray(given)) return undefined;
  const [name, value] = given;
  return typeof name === "string" && propertyName.test(name) && typeof value === "string" ? [name, value] : undefined;
}
