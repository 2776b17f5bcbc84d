// Mechanisms that look at the DNS (RFC 7208, 5.3 to 5.7): whether the client is meant.

import { type Steps, wait } from "../../../shared/dns/steps.ts";
import { isNear } from "./client.ts";
import type { Mechanism } from "./record.ts";
import { nameWithin } from "./reverse.ts";
import { failure, type Stop, type Visit } from "./visit.ts";

export type Asking = Exclude<Mechanism, { readonly kind: "all" | "ip4" | "ip6" | "include" }>;

/** `name` is the target in the form that can be asked for. */
export function asks(mechanism: Asking, name: string, visit: Visit): Steps<boolean | Stop> {
  switch (mechanism.kind) {
    case "a":
      return addressMatches(name, mechanism, visit);
    case "mx":
      return exchangeMatches(name, mechanism, visit);
    case "exists":
      return exists(name, visit);
    default:
      return pointerMatches(name, visit);
  }
}

interface Prefixes {
  readonly bits4: number;
  readonly bits6: number;
}

function* addressMatches(name: string, { bits4, bits6 }: Prefixes, visit: Visit): Steps<boolean | Stop> {
  const answer = yield* wait(visit.askAddresses(name));
  if (answer.status === "failed") return failure(name, visit.client.version === 4 ? "A" : "AAAA", answer.reason);
  if (answer.status !== "found") return (yield* visit.countVoid(name, answer.status === "no-record")) ?? false;
  return answer.records.some((address) => isNear(visit.client, address, bits4, bits6));
}

function* exchangeMatches(name: string, { bits4, bits6 }: Prefixes, visit: Visit): Steps<boolean | Stop> {
  const answer = yield* wait(visit.ask(name, "MX"));
  if (answer.status === "failed") return failure(name, "MX", answer.reason);
  if (answer.status !== "found") return (yield* visit.countVoid(name, false)) ?? false;
  const { names } = visit.limits;
  // Whatever their order: the same record gives the same result for all clients.
  if (answer.records.length > names) return { result: "permerror", reason: `mx ${name}: more than ${names} hosts` };
  for (const { exchange } of answer.records.toSorted((one, other) => one.preference - other.preference)) {
    if (exchange === "") continue; // RFC 7505: the domain takes no mail
    const addresses = yield* wait(visit.askAddresses(exchange));
    if (addresses.status === "failed") {
      return failure(exchange, visit.client.version === 4 ? "A" : "AAAA", addresses.reason);
    }
    if (addresses.status !== "found") continue;
    if (addresses.records.some((address) => isNear(visit.client, address, bits4, bits6))) return true;
  }
  return false;
}

/** RFC 7208, 5.7: an A record, also for a client with IPv6. */
function* exists(name: string, visit: Visit): Steps<boolean | Stop> {
  const answer = yield* wait(visit.ask(name, "A"));
  if (answer.status === "failed") return failure(name, "A", answer.reason);
  return answer.status === "found" || ((yield* visit.countVoid(name, false)) ?? false);
}

function* pointerMatches(name: string, visit: Visit): Steps<boolean | Stop> {
  if ((yield* nameWithin(name, visit)) !== "") return true;
  return visit.nameless ? ((yield* visit.countVoid(name, false)) ?? false) : false;
}
