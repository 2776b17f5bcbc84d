import assert from "node:assert/strict";
import { test } from "node:test";
import { fingerprint, hashPassword, matches, parsePassword } from "./passwords.ts";

async function opens(configured: string, guess: string): Promise<boolean> {
  const password = parsePassword(configured);
  assert.ok(!(password instanceof Error), String(password));
  return matches(password, guess);
}

test("plain, scrypt and Argon2id passwords", async () => {
  const argon2id = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$";
  assert.equal(await opens("word", "word"), true);
  assert.equal(await opens("word", "Word"), false);
  const hash = await hashPassword("word");
  assert.equal(await opens(hash, "word"), true);
  assert.equal(await opens(hash, "other"), false);
  assert.equal(await opens("", ""), false);
  assert.equal(await opens("word", "w".repeat(5000)), false);
  assert.ok(parsePassword(argon2id) instanceof Error);
});

test("published test vectors", async () => {
  // RFC 7914, 12: password "password", salt "NaCl", N 1024, r 8, p 16.
  const scrypt =
    "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640";
  const encode = (hex: string) => Buffer.from(hex, "hex").toString("base64").replace(/=+$/, "");
  const salt = Buffer.from("NaCl").toString("base64").replace(/=+$/, "");
  assert.equal(await opens(`$scrypt$ln=10,r=8,p=16$${salt}$${encode(scrypt)}`, "password"), true);
  assert.equal(await opens(`$scrypt$ln=10,r=8,p=16$${salt}$${encode(scrypt)}`, "passwore"), false);
  // From the test suite of the reference implementation: t 2, m 64 MB, p 1, "password", "somesalt".
  const argon2 = "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7";
  assert.equal(await opens(`$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$${encode(argon2)}`, "password"), true);
});

test("hashes that cost too much, or cannot be read, are errors that do not repeat them", () => {
  for (const text of [
    "$1$salt$hash",
    "$scrypt$ln=30,r=8,p=1$c2FsdA$MDEyMzQ1Njc4OWFiY2RlZg",
    "$scrypt$ln=15,r=8,p=1$c2FsdA$c2hvcnQ",
    "$scrypt$ln=15,r=0,p=1$c2FsdA$MDEyMzQ1Njc4OWFiY2RlZg",
    "$argon2id$v=19$m=99999999,t=3,p=4$c29tZXNhbHQ$MDEyMzQ1Njc4OWFiY2RlZg",
    "$argon2id$v=16$m=64,t=3,p=4$c29tZXNhbHQ$MDEyMzQ1Njc4OWFiY2RlZg",
    "$",
  ]) {
    const parsed = parsePassword(text);
    assert.ok(parsed instanceof Error, text);
    assert.ok(!parsed.message.includes("MDEyMzQ1"), parsed.message);
  }
});

test("a fingerprint tells passwords apart", () => {
  assert.equal(fingerprint("a"), fingerprint("a"));
  assert.notEqual(fingerprint("a"), fingerprint("b"));
});
