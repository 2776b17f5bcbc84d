// Which checks and symbols settings leave on. What is said of a symbol or check beats what is said of a group.

import { createHash } from "node:crypto";
import type { Apply } from "./settings-apply.ts";

export interface Switches {
  /** Only what is switched on by name runs. */
  readonly only: boolean;
  /** By name of a symbol or a check: on or off. */
  readonly symbols: ReadonlyMap<string, boolean>;
  readonly groups: ReadonlyMap<string, boolean>;
}

export const allOn: Switches = { only: false, symbols: new Map(), groups: new Map() };

/** What matters of a check here. */
export interface Switched {
  readonly name: string;
  readonly group: string;
  readonly symbols: Readonly<Record<string, { readonly group?: string }>>;
}

/** Later blocks overrule earlier ones; within one, off beats on. */
export function switchesOf(applies: readonly Apply[]): Switches {
  let only = false;
  const symbols = new Map<string, boolean>();
  const groups = new Map<string, boolean>();
  for (const apply of applies) {
    const named = apply.symbolsEnabled.length > 0 || apply.groupsEnabled.length > 0;
    if (apply.policy === "implicit_deny" || (apply.policy === "default" && named)) only = true;
    else if (apply.policy === "implicit_allow") only = false;
    for (const name of apply.symbolsEnabled) symbols.set(name, true);
    for (const name of apply.symbolsDisabled) symbols.set(name, false);
    for (const name of apply.groupsEnabled) groups.set(name, true);
    for (const name of apply.groupsDisabled) groups.set(name, false);
  }
  return only || symbols.size > 0 || groups.size > 0 ? { only, symbols, groups } : allOn;
}

/** Whether a symbol may be raised. `check` is "" for one that no check raises: a composite. */
export function isSymbolOn(switches: Switches, symbol: string, groups: readonly string[], check = ""): boolean {
  if (switches === allOn) return true;
  const named = [switches.symbols.get(symbol), check === "" ? undefined : switches.symbols.get(check)];
  if (named.includes(false)) return false;
  if (named.includes(true)) return true;
  const grouped = groups.map((group) => switches.groups.get(group));
  if (grouped.includes(false)) return false;
  return grouped.includes(true) || !switches.only;
}

/** Whether a check is to be asked: it or one of its symbols is on. */
export function isCheckOn(switches: Switches, check: Switched): boolean {
  if (switches === allOn) return true;
  const symbols = Object.entries(check.symbols);
  // A check without symbols works for others, or for the record.
  if (symbols.length === 0) return isSymbolOn(switches, check.name, [check.group]);
  if (switches.symbols.get(check.name) === false) return false;
  return symbols.some(([name, { group = check.group }]) => isSymbolOn(switches, name, [group], check.name));
}

/** Names the switches: equal keys, equal plans. "" when everything is on, else at most 64 characters. */
export function keyOf(switches: Switches): string {
  if (switches === allOn) return "";
  const written = (names: ReadonlyMap<string, boolean>) =>
    [...names]
      .map(([name, on]) => `${on ? "+" : "-"}${name}`)
      .sort()
      .join(" ");
  const key = `${switches.only ? "only" : "all"} ${written(switches.symbols)} / ${written(switches.groups)}`;
  return key.length <= 64 ? key : createHash("sha256").update(key).digest("hex");
}
