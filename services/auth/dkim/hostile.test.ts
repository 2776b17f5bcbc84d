// Input from hell: what it costs is bounded by counting what is done, and each has a clear result.

import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "../../../shared/message/analyse.ts";
import { hashBody } from "./body-hash.ts";
import { rsaKey } from "./forge.testing.ts";
import { parseKeyRecord } from "./key-record.ts";
import { openMessage } from "./message.ts";
import { publicKey } from "./public-key.ts";
import { readSignature } from "./signature.ts";
import { verifyClaim } from "./verify.ts";

const clock = { now: 0, jitter: Number.POSITIVE_INFINITY };

function refusal(raw: string): string {
  return readSignature({ name: "DKIM-Signature", key: "dkim-signature", raw, value: "" }, clock).refused;
}

const good = "v=1; a=rsa-sha256; d=example.org; s=s; h=from; bh=AAAA; b=AAAA";

test("fields, names and tags without end", () => {
  assert.equal(refusal(good), "");
  assert.equal(refusal(`${good}; z=${"x".repeat(1_000_000)}`), "longer than 32768 bytes");
  assert.equal(refusal(good.replace("h=from", `h=${"to:".repeat(8_000)}from`)), "more than 256 names in h=");
  assert.equal(refusal(`${good}; ${"a=1;".repeat(5_000)}`), "two tags a");
  assert.equal(refusal(`${good}; ${Array.from({ length: 99 }, (_, at) => `t${at}=1`).join(";")}`), "more than 64 tags");
  assert.equal(refusal(good.replace("b=AAAA", `b=${"A".repeat(3_000)}`)), "b= is not base64");
  assert.equal(refusal(good.replace("d=example.org", `d=${"a.".repeat(2_000)}org`)), "d= is no domain");
  assert.equal(refusal(good.replace("s=s", `s=${"s".repeat(64)}`)), "s= is no selector");
  assert.equal(refusal("\0".repeat(10_000)), "a tag without a value");
  assert.equal(refusal("=".repeat(30_000)), "a tag without a name");
});

test("a signature that selects the same fields again and again computes each once", () => {
  const field = `X: ${"a b  ".repeat(10_000)}\r\n`;
  const message = openMessage(analyse(Buffer.from(`From: a@example.org\r\n${field.repeat(8)}\r\nHello\r\n`)));
  const names = Array.from({ length: 256 }, () => "x");
  const text = message.selection(names, "relaxed", null);
  assert.equal(text.length, 8 * `x:${"a b ".repeat(10_000)}\r\n`.length - 8);
  const [, first] = message.fields;
  assert.ok(first);
  assert.equal(message.fieldForm(first, "relaxed"), message.fieldForm(first, "relaxed"));
});

test("a body is hashed once for each way of hashing it", () => {
  const message = openMessage(analyse(Buffer.from("From: a@example.org\r\n\r\nHello\r\n")));
  assert.equal(message.bodyHash("relaxed", 3), message.bodyHash("relaxed", 3));
  assert.notEqual(message.bodyHash("relaxed", 3), message.bodyHash("relaxed", 4));
  assert.notEqual(message.bodyHash("simple", 3), message.bodyHash("relaxed", 3));
});

test("each byte of a body without lines is searched for line ends only a few times", ({ mock }) => {
  const body = Buffer.alloc(2_000_000, "x");
  let searched = 0;
  const { indexOf } = Buffer.prototype;
  mock.method(Buffer.prototype, "indexOf", function (this: Buffer, value: number, start = 0) {
    const found = indexOf.call(this, value, start);
    searched += (found === -1 ? this.length : found) - start;
    return found;
  });
  for (const form of ["simple", "relaxed"] as const) hashBody(body, form, [Number.POSITIVE_INFINITY]);
  mock.restoreAll();
  assert.ok(searched > 0 && searched <= 4 * body.length, `${searched} bytes`);
});

/** DER of an RSA key with this modulus and exponent (RFC 8017, A.1.1). */
function derKey(modulus: Buffer, exponent: Buffer): string {
  const integer = (bytes: Buffer) => tlv(2, Buffer.concat([Buffer.alloc((bytes[0] ?? 0) >= 128 ? 1 : 0), bytes]));
  const key = tlv(48, Buffer.concat([integer(modulus), integer(exponent)]));
  const algorithm = Buffer.from("300d06092a864886f70d0101010500", "hex");
  return tlv(48, Buffer.concat([algorithm, tlv(3, Buffer.concat([Buffer.alloc(1), key]))])).toString("base64");
}

function tlv(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head = length < 128 ? [tag, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), content]);
}

const exponent = Buffer.from([1, 0, 1]);

test("keys that are too large, or made to cost", () => {
  const modulus = Buffer.alloc(256, 0xff);
  const fits = publicKey("rsa", derKey(modulus, exponent), 0);
  assert.ok(typeof fits !== "string");
  assert.equal(fits.bits, 2_048);
  assert.equal(publicKey("rsa", derKey(Buffer.alloc(640, 0xff), exponent), 0), "key has more than 4096 bits");
  assert.equal(publicKey("rsa", derKey(Buffer.alloc(8_192, 0xff), exponent), 0), "key is too large");
  assert.equal(publicKey("rsa", derKey(modulus, modulus), 0), "key has an exponent that nobody uses");
  assert.equal(publicKey("rsa", derKey(modulus, Buffer.from([1])), 0), "key has an exponent that nobody uses");
  assert.equal(publicKey("rsa", derKey(modulus, Buffer.from([0])), 0), "key has an exponent that nobody uses");
  assert.equal(publicKey("ed25519", Buffer.alloc(33).toString("base64"), 0), "key cannot be read");
  assert.equal(publicKey("rsa", Buffer.alloc(300, 0x30).toString("base64"), 0), "key cannot be read");
  assert.equal(parseKeyRecord(`v=DKIM1; p=${"A".repeat(65_536)}`), "key record of more than 8192 bytes");
});

test("keys with strange numbers verify nothing, and nothing throws", () => {
  const odd = Buffer.alloc(128, 0xff);
  const even = Buffer.concat([Buffer.alloc(127, 0xff), Buffer.from([0xfe])]);
  for (const modulus of [odd, even, Buffer.alloc(128, 0x80), Buffer.from([0])]) {
    for (const power of [exponent, Buffer.from([2]), Buffer.from([4]), Buffer.alloc(4, 0xff)]) {
      const seal = {
        domain: "example.org",
        selector: "s",
        keyType: "rsa" as const,
        signature: Buffer.alloc(modulus.length, 1),
        unsigned: "",
      };
      const claimed = { seal, identityDomain: "example.org", body: () => "", signed: () => Buffer.from("x") };
      const texts = [`v=DKIM1; p=${derKey(modulus, power)}`];
      assert.notEqual(verifyClaim(claimed, { status: "found", texts }, 0).result, "pass");
    }
  }
});

test("the cache of keys stays within its bounds, and remembers what cannot be read", () => {
  const size = 3;
  const keys = Array.from({ length: 5 }, () => rsaKey(512).published);
  const first = keys.map((key) => publicKey("rsa", key, size));
  assert.equal(publicKey("rsa", keys[4] ?? "", size), first[4]);
  assert.notEqual(publicKey("rsa", keys[0] ?? "", size), first[0]);
  assert.equal(publicKey("rsa", "AAAA", size), "key cannot be read");
});
