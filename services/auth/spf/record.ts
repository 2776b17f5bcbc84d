// An SPF record, read (RFC 7208, 4.6.1 and 12): its directives in order and its modifiers.

import type { Network } from "../../../shared/network.ts";
import { readIp4, readIp6 } from "./client.ts";
import { type DomainSpec, readDomainSpec } from "./domain-spec.ts";
import { readMacros, shorten, targetLetters } from "./macro.ts";

export type Qualifier = "+" | "-" | "~" | "?";

/** A `target` of null is the domain whose record it is. */
export type Mechanism =
  | { readonly kind: "all" }
  | { readonly kind: "ip4"; readonly address: number; readonly bits: number }
  | { readonly kind: "ip6"; readonly network: Network }
  | { readonly kind: "a" | "mx"; readonly target: DomainSpec | null; readonly bits4: number; readonly bits6: number }
  | { readonly kind: "ptr"; readonly target: DomainSpec | null }
  | { readonly kind: "include" | "exists"; readonly target: DomainSpec };

export interface Directive {
  readonly qualifier: Qualifier;
  readonly mechanism: Mechanism;
  /** As it was written, without the qualifier. */
  readonly text: string;
}

export interface SpfRecord {
  readonly directives: readonly Directive[];
  readonly redirect: DomainSpec | null;
  readonly exp: DomainSpec | null;
  /** A directive that lets everybody send: "+all", or a network as wide as nobody has one; "" when there is none. */
  readonly open: string;
}

/** Characters of a record. Real ones have to fit into a reply of the DNS that servers like to give: 2 KB are many. */
export const longestRecord = 16_384;
/** Characters of all records of one evaluation. */
export const longestRecords = 32_768;

/** Nobody has half the addresses of the world: a network of fewer bits means everybody. */
const widest4 = 8;
const widest6 = 16;

/** Reads what follows the version of a record; an Error says what is wrong, and where. */
export function readTerms(text: string): SpfRecord | Error {
  if (text.length > longestRecord) return new Error(`it is longer than ${longestRecord} characters`);
  // RFC 7208, 4.6.1: terms are visible ASCII, divided by blanks and nothing else.
  if (!/^[\x20-\x7e]*$/.test(text)) return new Error("it has characters that no term may have");
  const directives: Directive[] = [];
  let redirect: DomainSpec | null = null;
  let exp: DomainSpec | null = null;
  let open = "";
  for (const term of text.split(" ")) {
    if (term === "") continue;
    const modifier = modifierName(term);
    if (modifier === "") {
      const directive = readDirective(term);
      if (directive instanceof Error) return new Error(`${shorten(term)}: ${directive.message}`);
      directives.push(directive);
      if (open === "" && isOpen(directive)) open = `+${directive.text}`;
      continue;
    }
    const value = readModifier(modifier, term.slice(modifier.length + 1));
    if (value instanceof Error) return new Error(`${shorten(term)}: ${value.message}`);
    if (value === null) continue;
    // RFC 7208, 6: each of the two stands once.
    if ((modifier === "redirect" ? redirect : exp) !== null) return new Error(`${modifier}= stands there twice`);
    if (modifier === "redirect") redirect = value;
    else exp = value;
  }
  return { directives, redirect, exp, open };
}

/** The name of a modifier in lower case; "" for any other term. */
function modifierName(term: string): string {
  const sign = term.indexOf("=");
  if (sign === -1) return "";
  const name = term.slice(0, sign);
  return /^[a-z][a-z0-9\-_.]*$/i.test(name) ? name.toLowerCase() : "";
}

/** null for a modifier that is none of ours: those are left alone, if only they can be read (RFC 7208, 6). */
function readModifier(name: string, value: string): DomainSpec | Error | null {
  if (name === "redirect" || name === "exp") return readDomainSpec(value);
  const macros = readMacros(value, targetLetters);
  return macros instanceof Error ? macros : null;
}

function readDirective(term: string): Directive | Error {
  const first = term.charAt(0);
  const qualifier = first === "-" || first === "~" || first === "?" || first === "+" ? first : null;
  const text = qualifier === null ? term : term.slice(1);
  const mechanism = readMechanism(text);
  return mechanism instanceof Error ? mechanism : { qualifier: qualifier ?? "+", mechanism, text: shorten(text) };
}

function readMechanism(text: string): Mechanism | Error {
  const end = text.search(/[:/]/);
  const name = (end === -1 ? text : text.slice(0, end)).toLowerCase();
  const rest = end === -1 ? "" : text.slice(end);
  switch (name) {
    case "all":
      return rest === "" ? { kind: "all" } : new Error("all takes nothing");
    case "ip4":
      return readNetwork4(rest.slice(1), rest);
    case "ip6":
      return readNetwork6(rest.slice(1), rest);
    case "a":
    case "mx":
      return readHosts(name, rest);
    case "ptr": {
      if (rest === "") return { kind: name, target: null };
      const target = readTarget(rest);
      return target instanceof Error ? target : { kind: name, target };
    }
    case "include":
    case "exists": {
      const target = readTarget(rest);
      return target instanceof Error ? target : { kind: name, target };
    }
    default:
      return new Error("there is no such mechanism");
  }
}

function readTarget(rest: string): DomainSpec | Error {
  return rest.startsWith(":") ? readDomainSpec(rest.slice(1)) : new Error("it names no domain");
}

/** "a" and "mx": a domain or none, prefixes for IPv4 and IPv6 or none. */
function readHosts(kind: "a" | "mx", rest: string): Mechanism | Error {
  const [, domain = "", slash4, slash6] = /^(.*?)(?:\/(\d{1,9}))?(?:\/\/(\d{1,9}))?$/.exec(rest) ?? [];
  const bits4 = slash4 === undefined ? 32 : prefix(slash4, 32);
  const bits6 = slash6 === undefined ? 128 : prefix(slash6, 128);
  if (bits4 === -1 || bits6 === -1) return new Error("its prefix is none");
  if (domain === "") return { kind, target: null, bits4, bits6 };
  const target = readTarget(domain);
  return target instanceof Error ? target : { kind, target, bits4, bits6 };
}

/** -1 when it is none: more than there are bits, or with zeros in front (RFC 7208, 5.6). */
function prefix(digits: string, most: number): number {
  if (!/^(?:0|[1-9]\d{0,2})$/.test(digits)) return -1;
  const bits = Number(digits);
  return bits > most ? -1 : bits;
}

function readNetwork4(text: string, rest: string): Mechanism | Error {
  const slash = text.indexOf("/");
  const address = readIp4(slash === -1 ? text : text.slice(0, slash));
  const bits = slash === -1 ? 32 : prefix(text.slice(slash + 1), 32);
  if (!rest.startsWith(":") || Number.isNaN(address) || bits === -1) return new Error("it is no IPv4 network");
  return { kind: "ip4", address, bits };
}

function readNetwork6(text: string, rest: string): Mechanism | Error {
  const slash = text.indexOf("/");
  const written = slash === -1 ? text : text.slice(0, slash);
  const address = readIp6(written);
  const bits = slash === -1 ? 128 : prefix(text.slice(slash + 1), 128);
  if (!rest.startsWith(":") || address === null || bits === -1) return new Error("it is no IPv6 network");
  return { kind: "ip6", network: { address, bits } };
}

function isOpen({ qualifier, mechanism }: Directive): boolean {
  if (qualifier !== "+") return false;
  switch (mechanism.kind) {
    case "all":
      return true;
    case "ip4":
      return mechanism.bits < widest4;
    case "ip6":
      return mechanism.network.bits < widest6;
    case "a":
    case "mx":
      return mechanism.bits4 < widest4 || mechanism.bits6 < widest6;
    default:
      return false;
  }
}
