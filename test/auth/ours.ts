// Our side of the exchange: messages that we sign and that go out through a gateway, and what we say of those of others.

import { validateChain } from "../../services/auth/arc/chain.ts";
import type { Form } from "../../services/auth/dkim/header-form.ts";
import { queryKeys } from "../../services/auth/dkim/key-record.ts";
import { openMessage } from "../../services/auth/dkim/message.ts";
import { signMessage } from "../../services/auth/dkim/sign.ts";
import { readSignature } from "../../services/auth/dkim/signature.ts";
import { verifySignature } from "../../services/auth/dkim/verify.ts";
import type { Dns } from "../../shared/dns/dns.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { foldSignature } from "../../shared/message/fold-signature.ts";
import { foldedValue } from "../../shared/message/folded-value.ts";
import { openRandom } from "../fuzz/random.ts";
import { dns, domain, type TestKey, testKeys } from "./keys.ts";
import { type Sample, sample } from "./messages.ts";

export interface Way {
  readonly key: TestKey;
  readonly header: Form;
  readonly body: Form;
}

const forms: readonly Form[] = ["simple", "relaxed"];

/** Every algorithm with every pair of canonical forms. */
export function waysWith(keys: readonly TestKey[] = testKeys): readonly Way[] {
  return keys.flatMap((key) => forms.flatMap((header) => forms.map((body) => ({ key, header, body }))));
}

/** So many messages, each to be signed in one of the ways in turn. */
export function samples(count: number, seed: number, ways: readonly Way[]): readonly (Sample & Way)[] {
  const random = openRandom(seed);
  return Array.from({ length: count }, (_, at) => {
    const way = ways[at % ways.length];
    if (way === undefined) throw new RangeError("no way to sign");
    return { ...sample(random), ...way };
  });
}

/** How each gateway writes the value of a new signature, as it then stands in the message. */
export const gateways: readonly ((value: string) => string)[] = [
  (value) => foldSignature(value, "\r\n"), // HTTP: the client writes it behind "DKIM-Signature: "
  (value) => (foldedValue(foldSignature(value, "\n")) ?? "").replaceAll("\n", "\r\n"), // milter: the server ends lines
];

export function signed({ raw, names, key, header, body }: Sample & Way, gateway: number): Buffer {
  const value = signMessage(openMessage(analyse(raw)), {
    domain,
    selector: key.selector,
    key: key.key,
    headerForm: header,
    bodyForm: body,
    names,
    time: Date.now(),
    expires: Date.now() + 600_000,
    identity: "a;b=c@mail.example.org",
  });
  const write = gateways[gateway % gateways.length] ?? ((same: string) => same);
  return Buffer.concat([Buffer.from(`DKIM-Signature: ${write(value)}\r\n`, "latin1"), raw]);
}

/** What we say of each signature of a message: "pass", or the result and why. */
export async function judged(raw: Uint8Array, from: Dns = dns): Promise<readonly string[]> {
  const message = openMessage(analyse(raw));
  const results: string[] = [];
  for (const field of message.fields.filter(({ key }) => key === "dkim-signature")) {
    const { signature, refused } = readSignature(field, { now: Date.now(), jitter: 60_000 });
    if (signature === null) {
      results.push(`permerror: ${refused}`);
      continue;
    }
    const keys = await queryKeys(from, signature.domain, signature.selector);
    const { result, reason } = verifySignature(message, field, signature, keys, 100);
    results.push(reason === "" ? result : `${result}: ${reason}`);
  }
  return results;
}

/** What we say of the chain of a message. */
export async function judgedChain(raw: Uint8Array): Promise<string> {
  const clock = { now: Date.now(), jitter: 60_000 };
  const { result, reason } = await validateChain(openMessage(analyse(raw)), { dns, clock, cacheSize: 100 });
  return reason === "" ? result : `${result}: ${reason}`;
}
