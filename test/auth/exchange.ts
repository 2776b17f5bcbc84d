// The exchange with another program: it verifies what we sign, and we verify what it signs.

import assert from "node:assert/strict";
import { domain, pemOf, records, seedOf, type TestKey } from "./keys.ts";
import { asSent } from "./messages.ts";
import { judged, samples, signed, waysWith } from "./ours.ts";
import { askPeer, type Peer, type Question } from "./peer.ts";

/** Messages each way. */
const count = 200;

export async function theyVerifyOurs(peer: Peer, keys: readonly TestKey[]): Promise<void> {
  const mails = samples(count, 1, waysWith(keys)).map((mail, at) => ({ ...mail, signed: signed(mail, at) }));
  const questions = mails.map(({ signed }) => ({ do: "verify" as const, raw: asSent(signed).toString("base64") }));
  const answers = await askPeer(peer, records, questions);
  assert.equal(answers.length, count);
  for (const [at, mail] of mails.entries()) assert.equal(answers[at], "pass", mail.signed.toString("latin1"));
}

export async function weVerifyTheirs(peer: Peer, keys: readonly TestKey[]): Promise<void> {
  const mails = samples(count, 2, waysWith(keys));
  const questions = mails.map(
    ({ raw, names, key, header, body }): Question => ({
      do: "sign",
      raw: asSent(raw).toString("base64"),
      selector: key.selector,
      domain,
      key: key.algorithm === "rsa-sha256" ? pemOf(key) : seedOf(key),
      algorithm: key.algorithm,
      header,
      body,
      names: names.map(({ name }) => name),
    }),
  );
  const answers = await askPeer(peer, records, questions);
  assert.equal(answers.length, count);
  for (const [at, mail] of mails.entries()) {
    const raw = Buffer.concat([Buffer.from(answers[at] ?? "", "base64"), mail.raw]);
    assert.deepEqual(await judged(raw), ["pass"], raw.toString("latin1"));
    // One byte more in the body, and it is over.
    const longer = Buffer.concat([raw, Buffer.from("!")]);
    assert.deepEqual(await judged(longer), ["fail: body hash does not match"], longer.toString("latin1"));
  }
}
