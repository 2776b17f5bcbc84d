// What a domain says to those whose mail it disowns (RFC 7208, 6.2). It is text of a stranger: nobody but a person who
// asks for it should see it.

import type { Dns } from "../../../shared/dns/dns.ts";
import { type Steps, wait } from "../../../shared/dns/steps.ts";
import type { Client } from "./client.ts";
import { type DomainSpec, targetName } from "./domain-spec.ts";
import { explanationLetters, fillMacros, lettersIn, type Meaning, readMacros } from "./macro.ts";

export interface Explaining {
  readonly dns: Dns;
  readonly client: Client;
  /** Name of this host. */
  readonly receiver: string;
  /** ms since 1970. */
  readonly now: number;
}

/** "" when there is none that can be read. The query does not count (RFC 7208, 4.6.4). */
export function* explain(
  spec: DomainSpec,
  meaningsOf: (letters: string) => Steps<Meaning>,
  { dns, client, receiver, now }: Explaining,
): Steps<string> {
  const name = targetName(spec, yield* meaningsOf(spec.letters));
  if (name instanceof Error || name === "") return "";
  const answer = yield* wait(dns.query(name, "TXT"));
  if (answer.status !== "found" || answer.records.length !== 1) return "";
  const text = answer.records[0] ?? "";
  if (!/^[\x20-\x7e]*$/.test(text)) return "";
  const macros = readMacros(text, explanationLetters);
  if (macros instanceof Error) return "";
  const meaningOf = yield* meaningsOf(lettersIn(macros));
  const filled = fillMacros(macros, (letter) => {
    if (letter === "c") return client.text;
    if (letter === "r") return receiver;
    if (letter === "t") return String(Math.floor(now / 1000));
    return meaningOf(letter);
  });
  return filled instanceof Error ? "" : filled;
}
