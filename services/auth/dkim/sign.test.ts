import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { analyse } from "../../../shared/message/analyse.ts";
import { foldSignature } from "../../../shared/message/fold-signature.ts";
import { rsaKey } from "./forge.testing.ts";
import { openMessage, type SignedMessage } from "./message.ts";
import { type SigningOptions, signMessage } from "./sign.ts";
import { readSignature } from "./signature.ts";
import { verifySignature } from "./verify.ts";

const key = rsaKey(1_024);
const now = Date.parse("2026-01-15T12:00:00Z");
const mail =
  "Received: from x\r\nFrom: A <a@example.org>\r\nSubject:  One\r\n  two \r\nReceived: from y\r\n\r\nHello\r\n";

function opened(text: string): SignedMessage {
  return openMessage(analyse(Buffer.from(text, "latin1")));
}

const options: SigningOptions = {
  domain: "example.org",
  selector: "s2026",
  key: key.key,
  headerForm: "relaxed",
  bodyForm: "relaxed",
  names: [
    { name: "From", over: 1 },
    { name: "Subject" },
    { name: "Received" },
    { name: "To" },
    { name: "Cc", over: 1 },
  ],
};

function outcome(text: string): string {
  const message = opened(text);
  const [field] = message.fields;
  assert.ok(field);
  const { signature, refused } = readSignature(field, { now, jitter: 0 });
  if (signature === null) return refused;
  const keys = { status: "found" as const, texts: [`v=DKIM1; p=${key.published}`] };
  const { result, reason } = verifySignature(message, field, signature, keys, 10);
  return reason || result;
}

test("the tags that were asked for, in one line, which a gateway may fold", () => {
  const value = signMessage(opened(mail), {
    ...options,
    time: now + 999,
    expires: now + 86_400_000,
    identity: "B\u00e9 ;=@mail.Example.org",
  });
  assert.match(
    value,
    /^v=1; a=rsa-sha256; c=relaxed\/relaxed; d=example\.org; s=s2026; i=B=C3=A9=20=3B=3D@mail\.example\.org; t=1768478400; x=1768564800; h=from:from:subject:received:received:cc; bh=\S{44}; b=[A-Za-z0-9+/=]{172}$/,
  );
  assert.equal(outcome(`DKIM-Signature: ${value}\r\n${mail}`), "pass");
});

test("in simple form it comes folded, and holds as it stands", () => {
  const names = Array.from({ length: 30 }, (_, at) => ({ name: `X-Field-${at}`, over: 1 }));
  const value = signMessage(opened(mail), { ...options, headerForm: "simple", names: [{ name: "From" }, ...names] });
  const folded = foldSignature(value, "\r\n");
  for (const line of folded.split("\r\n")) assert.ok(line.length <= 80, line);
  assert.equal(outcome(`DKIM-Signature: ${value}\r\n${mail}`), "pass");
  assert.equal(outcome(`DKIM-Signature: ${folded}\r\n${mail}`), "pass");
});

test("in relaxed form no line gets too long either", () => {
  const names = Array.from({ length: 30 }, (_, at) => ({ name: `X-Field-${at}`, over: 1 }));
  const value = signMessage(opened(mail), { ...options, names: [{ name: "From" }, ...names] });
  const folded = foldSignature(value, "\r\n");
  for (const line of folded.split("\r\n")) assert.ok(line.length <= 80, line);
  assert.equal(outcome(`DKIM-Signature: ${folded}\r\n${mail}`), "pass");
});

test("what was signed more often than it is there cannot be added; what was not may be", () => {
  const signed = `DKIM-Signature: ${signMessage(opened(mail), options)}\r\n${mail}`;
  assert.equal(outcome(signed), "pass");
  assert.equal(outcome(signed.replace("\r\nSubject", "\r\nFrom: b\r\nSubject")), "signature does not match");
  assert.equal(outcome(signed.replace("\r\nSubject", "\r\nCc: b\r\nSubject")), "signature does not match");
  assert.equal(outcome(signed.replace("\r\nSubject", "\r\nTo: b\r\nSubject")), "pass");
});

test("a message with fields without number still gets a signature that holds", () => {
  const many = "To: a@example.org\r\n".repeat(400) + mail;
  const value = signMessage(opened(many), { ...options, names: [{ name: "From" }, { name: "To" }] });
  assert.equal(outcome(`DKIM-Signature: ${value}\r\n${many}`), "pass");
});

test("options that make no signature are refused", () => {
  const refuses = (change: Partial<SigningOptions>, message: RegExp) => {
    assert.throws(() => signMessage(opened(mail), { ...options, ...change }), { code: "bad-input", message });
  };
  refuses({ names: [{ name: "Subject" }] }, /From is not among/);
  refuses({ names: [{ name: "From" }, { name: "a:b" }] }, /no header field/);
  refuses({ domain: "example org" }, /no domain/);
  refuses({ selector: "a;b" }, /no selector/);
  refuses({ identity: "a@example.com" }, /not within/);
  refuses({ key: rsaKey(512).key }, /512 bits/);
  refuses({ key: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey }, /neither RSA nor Ed25519/);
  refuses({ key: generateKeyPairSync("ed25519").publicKey }, /not a private one/);
});
