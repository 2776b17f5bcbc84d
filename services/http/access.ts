// Who may do what on the controller (R 1.4): trusted peers everything, others by password.

import { Fault } from "../../shared/fault.ts";
import { canonicalIp } from "../../shared/message/ip.ts";
import { isLoopback, type Networks, networksOf } from "../../shared/network.ts";
import { openFailedLogins } from "./failed-logins.ts";
import { fingerprint, matches, type Password, parsePassword } from "./passwords.ts";

/** `read` looks, `change` changes something. */
export type Level = "read" | "change";

/** What a request says about who asks. */
export interface Visitor {
  /** Address of the peer; "" on a unix socket. */
  readonly peer: string;
  /** `X-Forwarded-For`, else `X-Real-IP`; undefined without either. */
  readonly forwarded: string | undefined;
  readonly password: string | undefined;
}

export type Ruling = Level | "refused" | "too many";

export interface Access {
  /** The most that a visitor may do. */
  rule(visitor: Visitor): Promise<Ruling>;
  /** Nobody has a password: for a warning when the listener is open to other machines. */
  readonly open: boolean;
}

export interface AccessRules {
  readonly password: string;
  readonly enable_password: string;
  readonly secure_ip: readonly string[];
}

/** Right passwords that need no further hashing. */
const remembered = 16;

/** Reads the rules. Fault `bad-config` when they cannot be understood. `now` in ms. */
export function openAccess(rules: AccessRules, now: () => number): Access {
  const password = valid(parsePassword(rules.password));
  const enablePassword = valid(parsePassword(rules.enable_password));
  const trusted = valid(networksOf(rules.secure_ip));
  const failures = openFailedLogins(now);
  const known = new Map<string, Level>();
  const open = password.kind === "none" && enablePassword.kind === "none";

  return {
    open,
    async rule(visitor) {
      if (isTrusted(visitor, trusted)) return "change";
      if (open) return ruleWithoutPassword(visitor);
      if (visitor.password === undefined) return "refused";
      return check(visitor, visitor.password);
    },
  };

  async function check(visitor: Visitor, guess: string): Promise<Ruling> {
    const source = sourceOf(visitor, trusted);
    if (!failures.begin(source)) return "too many";
    const print = fingerprint(guess);
    const level = known.get(print) ?? (await levelOf(guess, password, enablePassword));
    if (level === null || isGuessable(guess, password, enablePassword, visitor)) return "refused";
    failures.forgive(source);
    if (known.size < remembered) known.set(print, level);
    return level;
  }
}

function valid<Value>(parsed: Value | Error): Value {
  if (parsed instanceof Error) throw new Fault("bad-config", `http.controller: ${parsed.message}`);
  return parsed;
}

/** A proxy that is trusted does not lend its trust to whoever it speaks for. */
function isTrusted(visitor: Visitor, trusted: Networks): boolean {
  if (visitor.peer !== "" && !trusted.has(visitor.peer)) return false;
  return visitor.forwarded === undefined || visitor.forwarded.split(",").every((address) => trusted.has(address));
}

/** Without any password the machine itself may look. Nothing changes anything. */
function ruleWithoutPassword(visitor: Visitor): Ruling {
  return visitor.forwarded === undefined && isLoopback(visitor.peer) ? "read" : "refused";
}

/** Whose wrong passwords are counted together: the peer, or whom a trusted proxy names. */
function sourceOf(visitor: Visitor, trusted: Networks): string {
  const nearest = visitor.forwarded?.split(",").at(-1);
  const named = canonicalIp(nearest?.trim() ?? "");
  return named !== "" && (visitor.peer === "" || trusted.has(visitor.peer)) ? named : visitor.peer;
}

/** With only one of the two passwords set, that one opens everything. */
async function levelOf(guess: string, password: Password, enablePassword: Password): Promise<Level | null> {
  if (await matches(enablePassword, guess)) return "change";
  if (await matches(password, guess)) return enablePassword.kind === "none" ? "change" : "read";
  return null;
}

function isGuessable(guess: string, password: Password, enablePassword: Password, visitor: Visitor): boolean {
  if (isLoopback(visitor.peer) && visitor.forwarded === undefined) return false;
  const plain = [password, enablePassword].filter((one) => one.kind === "plain" && one.guessable);
  return plain.length > 0 && (guess === "q1" || guess === "q2");
}
