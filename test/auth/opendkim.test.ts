// With OpenDKIM, as mail servers run it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { domain, pemOf, records } from "./keys.ts";
import { asSent } from "./messages.ts";
import { startOpenDkim } from "./opendkim.ts";
import { judged, samples, signed, type Way, waysWith } from "./ours.ts";

/** Messages each way. */
const count = 200;

test("OpenDKIM verifies what we sign", async () => {
  const keys = Object.entries(records).map(([name, record]) => `${name} ${record}\n`);
  const settings = ["Mode v", "TestPublicKeys FOLDER/keys", "AuthservID peer", "AlwaysAddARHeader yes"];
  const peer = await startOpenDkim(settings, { keys: keys.join("") });
  try {
    const mails = samples(count, 3, waysWith()).map((mail, at) => asSent(signed(mail, at)));
    // Side by side, for each waits a lot and does little.
    const checks = Array.from({ length: 20 }, async () => {
      for (let raw = mails.pop(); raw !== undefined; raw = mails.pop()) {
        const answer = await peer.send(raw);
        assert.match(answer[0]?.value ?? "", /dkim=pass /, raw.toString("latin1"));
      }
    });
    await Promise.all(checks);
  } finally {
    await peer.close();
  }
});

async function signsLikeThis(way: Way, seed: number, mails: number): Promise<void> {
  const settings = [
    "Mode s",
    "InternalHosts 192.0.2.1",
    `Domain ${domain}`,
    `Selector ${way.key.selector}`,
    `SignatureAlgorithm ${way.key.algorithm}`,
    `Canonicalization ${way.header}/${way.body}`,
    "KeyFile FOLDER/key.pem",
  ];
  const peer = await startOpenDkim(settings, { "key.pem": pemOf(way.key) });
  try {
    for (const { raw } of samples(mails, seed, [way])) {
      const answer = await peer.send(asSent(raw));
      const signature = answer.find(({ name }) => name === "DKIM-Signature")?.value ?? "";
      const field = `DKIM-Signature: ${signature.trimStart().replaceAll("\n", "\r\n")}\r\n`;
      const mail = Buffer.concat([Buffer.from(field, "latin1"), raw]);
      assert.deepEqual(await judged(mail), ["pass"], mail.toString("latin1"));
    }
  } finally {
    await peer.close();
  }
}

test("we verify what OpenDKIM signs", async () => {
  // OpenDKIM 2.11 does not verify its own Ed25519 signatures over fields in `simple` form, nor does dkimpy.
  const ways = waysWith().filter(({ key, header }) => key.algorithm === "rsa-sha256" || header === "relaxed");
  await Promise.all(ways.map((way, at) => signsLikeThis(way, 4 + at, Math.ceil(count / ways.length))));
});
