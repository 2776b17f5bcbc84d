// Whom a rule of settings is for: keys to tests. Values of one key are alternatives, keys are all required unless the
// rule combines them in an expression.

import { atoms, evaluate } from "../../shared/expression/expression.ts";
import type { AtomSyntax } from "../../shared/expression/parse.ts";
import { parse } from "../../shared/expression/parse.ts";
import { Fault } from "../../shared/fault.ts";
import type { Address } from "../../shared/network.ts";
import { readAddress } from "../../shared/network.ts";
import type { Envelope, Headers } from "../../shared/task.ts";
import { headerTest, listTest } from "./settings-keys.ts";
import type { Complain } from "./settings-values.ts";

/** A task as settings look at it. */
export interface SettingsTask {
  readonly envelope: Envelope;
  readonly headers: Headers;
  /** Whether the client's address is one of our own networks. */
  readonly local: boolean;
  readonly clientIp?: string | undefined;
  /** By lower-case name. */
  readonly requestHeaders: Readonly<Record<string, string>>;
}

/** What a rule matches on, as it was written: plain data. */
export interface MatchKeys {
  readonly lists: Readonly<Partial<Record<ListKey, readonly string[]>>>;
  readonly flags: Readonly<Partial<Record<FlagKey, boolean>>>;
  /** By name of the header: whether it is there, or patterns for its values. */
  readonly headers: Readonly<Partial<Record<HeaderKey, Readonly<Record<string, boolean | readonly string[]>>>>>;
  /** Combines the keys, by name; "" requires all. */
  readonly expression: string;
  /** For whom none of the keys fits, or the expression does not hold. */
  readonly inverse: boolean;
}

export const listKeys = [
  "ip",
  "client_ip",
  "from",
  "from_mime",
  "rcpt",
  "rcpt_mime",
  "user",
  "hostname",
  "helo",
] as const;
export const flagKeys = ["authenticated", "local"] as const;
export const headerKeys = ["header", "request_header"] as const;
export type ListKey = (typeof listKeys)[number];
export type FlagKey = (typeof flagKeys)[number];
export type HeaderKey = (typeof headerKeys)[number];

/** A task whose addresses are read once for all rules. */
export interface MatchTask extends SettingsTask {
  readonly address: Address | null;
  readonly clientAddress: Address | null;
}

export type Test = (task: MatchTask) => boolean;

/**
 * The test of a rule, or null when it matches on nothing. What cannot be read is reported by its path, and then the test
 * is not to be used.
 */
export function compileMatch(keys: MatchKeys, complain: Complain): Test | null {
  const tests = new Map<string, Test>();
  for (const key of listKeys) {
    const values = keys.lists[key];
    if (values) tests.set(key, listTest(key, values, complain));
  }
  for (const key of flagKeys) {
    const wanted = keys.flags[key];
    if (wanted !== undefined) {
      tests.set(key, key === "local" ? (task) => task.local === wanted : (task) => isAuthenticated(task) === wanted);
    }
  }
  for (const key of headerKeys) {
    const names = keys.headers[key];
    if (names) tests.set(key, headerTest(key, names, complain));
  }
  if (tests.size === 0) return null;
  const each = [...tests.values()];
  if (keys.expression === "") return keys.inverse ? noneOf(each) : everyOf(each);
  const holds = combined(keys.expression, tests, complain);
  return keys.inverse ? (task) => !holds(task) : holds;
}

export function matchTask(task: SettingsTask): MatchTask {
  const address = readAddress(task.envelope.ip ?? "");
  return { ...task, address, clientAddress: readAddress(task.clientIp ?? "") };
}

function isAuthenticated(task: SettingsTask): boolean {
  return (task.envelope.user ?? "") !== "";
}

function everyOf(tests: readonly Test[]): Test {
  return (task) => tests.every((test) => test(task));
}

function noneOf(tests: readonly Test[]): Test {
  return (task) => !tests.some((test) => test(task));
}

function combined(text: string, tests: ReadonlyMap<string, Test>, complain: Complain): Test {
  const expression = parse(text, keySyntax);
  if (expression instanceof Fault) {
    complain(["expression"], expression.message);
    return () => false;
  }
  for (const key of new Set(atoms(expression))) {
    if (!tests.has(key)) complain(["expression"], `names ${key}, which this rule does not have`);
  }
  return (task) => evaluate(expression, (key) => (tests.get(key)?.(task) ? 1 : 0)) !== 0;
}

const keyName = /[a-z_]+/y;
const keySyntax: AtomSyntax<string> = {
  read(text, at) {
    keyName.lastIndex = at;
    const found = keyName.exec(text);
    return found ? { atom: found[0], end: keyName.lastIndex } : { problem: "expected the name of a key", at };
  },
};
