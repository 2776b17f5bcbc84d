// Chains: what we seal dkimpy and Mail::DKIM validate, and Mail::DKIM goes on with a chain of ours and we with its.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sealMessage } from "../../services/auth/arc/seal.ts";
import { openMessage } from "../../services/auth/dkim/message.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { foldedValue } from "../../shared/message/folded-value.ts";
import { openRandom } from "../fuzz/random.ts";
import { domain, ed25519Key, pemOf, records, rsaKey, type TestKey } from "./keys.ts";
import { asSent, sample } from "./messages.ts";
import { judgedChain } from "./ours.ts";
import { askPeer } from "./peer.ts";

const count = 24;
const python = { command: "/usr/bin/python3", script: "dkimpy.py", debian: "python3-dkim" };
const perl = { command: "/usr/bin/perl", script: "mail-dkim.pl", debian: "libmail-dkim-perl" };

function messages(seed: number): readonly Buffer[] {
  const random = openRandom(seed);
  return Array.from({ length: count }, () => asSent(sample(random).raw));
}

/** The message with one more set, as the milter writes it, and with a footer in front of that, as lists have it. */
function sealed(raw: Buffer, status: "none" | "pass" | "fail", key: TestKey = rsaKey): Buffer {
  const body = Buffer.concat([raw, Buffer.from("-- \r\nThe list\r\n")]);
  const set = sealMessage(openMessage(analyse(body)), {
    domain,
    selector: key.selector,
    key: key.key,
    names: [{ name: "From", over: 1 }, { name: "Subject" }, { name: "Date" }, { name: "Received" }],
    headerForm: "relaxed",
    bodyForm: "relaxed",
    time: Date.now(),
    results: `${domain};\n\tspf=pass smtp.mailfrom=a@example.org;\r\n dmarc=pass (p=none) header.from=example.org`,
    status,
  });
  assert.ok(set);
  const fields = [
    ["ARC-Seal", set.seal],
    ["ARC-Message-Signature", set.message],
    ["ARC-Authentication-Results", set.results],
  ] as const;
  const text = fields.map(([name, value]) => `${name}: ${(foldedValue(value) ?? "").replaceAll("\n", "\r\n")}\r\n`);
  return Buffer.concat([Buffer.from(text.join(""), "latin1"), body]);
}

test("dkimpy and Mail::DKIM validate chains that we sealed", async () => {
  const chains = messages(11).map((raw, at) => {
    let chain = sealed(raw, "none");
    for (let more = at % 4; more > 0; more--) chain = sealed(chain, "pass");
    return chain;
  });
  for (const chain of chains) assert.equal(await judgedChain(chain), "pass");
  const questions = chains.map((chain) => ({ do: "verify arc" as const, raw: chain.toString("base64") }));
  for (const peer of [python, perl]) {
    const answers = await askPeer(peer, records, questions);
    for (const [at, chain] of chains.entries()) assert.equal(answers[at], "pass", chain.toString("latin1"));
  }
});

test("we validate chains that Mail::DKIM went on with, and it those that we went on with", async () => {
  const chains = messages(12).map((raw, at) => (at % 2 === 0 ? raw : sealed(raw, "none")));
  const marked = chains.map((raw) =>
    Buffer.concat([Buffer.from(`Authentication-Results: ${domain}; spf=pass\r\n`), raw]),
  );
  const sets = await askPeer(
    perl,
    records,
    marked.map((raw, at) => ({
      do: "seal" as const,
      raw: raw.toString("base64"),
      selector: rsaKey.selector,
      domain,
      key: pemOf(rsaKey),
      status: at % 2 === 0 ? "none" : "pass",
    })),
  );
  const theirs = marked.map((raw, at) => Buffer.concat([Buffer.from(sets[at] ?? "", "base64"), raw]));
  for (const chain of theirs) assert.equal(await judgedChain(chain), "pass", chain.toString("latin1"));
  const ours = theirs.map((chain) => sealed(chain, "pass"));
  const answers = await askPeer(
    perl,
    records,
    ours.map((chain) => ({ do: "verify arc" as const, raw: chain.toString("base64") })),
  );
  for (const [at, chain] of ours.entries()) assert.equal(answers[at], "pass", chain.toString("latin1"));
});

test("a chain sealed with Ed25519 holds, one sealed as failing does not and grows no more", async () => {
  const [raw = Buffer.alloc(0)] = messages(13);
  const chain = sealed(sealed(raw, "none", ed25519Key), "pass", ed25519Key);
  assert.equal(await judgedChain(chain), "pass");
  const failing = sealed(Buffer.concat([chain, Buffer.from("more\r\n")]), "fail");
  assert.equal(await judgedChain(failing), "fail: seal 3 says that the chain fails");
  const options = {
    domain,
    selector: rsaKey.selector,
    key: rsaKey.key,
    names: [{ name: "From" }],
    time: 0,
    results: domain,
  };
  const message = openMessage(analyse(failing));
  assert.equal(sealMessage(message, { ...options, headerForm: "relaxed", bodyForm: "relaxed", status: "fail" }), null);
});
