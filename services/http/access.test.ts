import assert from "node:assert/strict";
import { test } from "node:test";
import { type AccessRules, openAccess, type Visitor } from "./access.ts";

const nobody: AccessRules = { password: "", enable_password: "", secure_ip: [] };
const visitor = (changed: Partial<Visitor>): Visitor => ({
  peer: "192.0.2.1",
  forwarded: undefined,
  password: undefined,
  ...changed,
});

async function rule(rules: Partial<AccessRules>, changed: Partial<Visitor>) {
  return openAccess({ ...nobody, ...rules }, () => 0).rule(visitor(changed));
}

test("who may do what without any password", async () => {
  assert.equal(await rule({}, { peer: "127.0.0.1" }), "read");
  assert.equal(await rule({}, { peer: "" }), "change");
  assert.equal(await rule({}, {}), "refused");
  assert.equal(await rule({}, { password: "" }), "refused");
  assert.equal(await rule({ secure_ip: ["192.0.2.0/24"] }, {}), "change");
});

test("a trusted proxy does not lend its trust", async () => {
  const rules = { password: "word", secure_ip: ["127.0.0.1", "10.0.0.0/8"] };
  assert.equal(await rule(rules, { peer: "127.0.0.1" }), "change");
  assert.equal(await rule(rules, { peer: "127.0.0.1", forwarded: "192.0.2.9" }), "refused");
  assert.equal(await rule(rules, { peer: "127.0.0.1", forwarded: "10.0.0.1, 192.0.2.9" }), "refused");
  assert.equal(await rule(rules, { peer: "127.0.0.1", forwarded: "10.0.0.1, 10.0.0.2" }), "change");
  assert.equal(await rule(rules, { peer: "", forwarded: "192.0.2.9" }), "refused");
  assert.equal(await rule(rules, { peer: "192.0.2.1", forwarded: "10.0.0.1" }), "refused");
  assert.equal(await rule(rules, { peer: "127.0.0.1", forwarded: "192.0.2.9", password: "word" }), "change");
});

test("the two passwords", async () => {
  const both = { password: "look", enable_password: "change" };
  assert.equal(await rule(both, { password: "look" }), "read");
  assert.equal(await rule(both, { password: "change" }), "change");
  assert.equal(await rule({ password: "look" }, { password: "look" }), "change");
  assert.equal(await rule({ enable_password: "change" }, { password: "change" }), "change");
  assert.equal(await rule({ enable_password: "change" }, { password: "look" }), "refused");
});

test("the example passwords of Rspamd work on this machine only", async () => {
  const rules = { password: "q1" };
  assert.equal(await rule(rules, { password: "q1", peer: "127.0.0.1" }), "change");
  assert.equal(await rule(rules, { password: "q1" }), "refused");
  assert.equal(await rule(rules, { password: "q1", peer: "127.0.0.1", forwarded: "192.0.2.1" }), "refused");
});

test("wrong passwords are forgotten as time passes, and each source has its own count", async () => {
  let now = 0;
  const access = openAccess({ ...nobody, password: "word", secure_ip: ["10.0.0.1"] }, () => now);
  const guess = (peer: string, password: string, forwarded?: string) =>
    access.rule(visitor({ peer, password, forwarded }));
  for (let count = 0; count < 10; count += 1) assert.equal(await guess("192.0.2.1", "x"), "refused");
  assert.equal(await guess("192.0.2.1", "word"), "too many");
  assert.equal(await guess("192.0.2.2", "word"), "change");
  now += 6_001;
  assert.equal(await guess("192.0.2.1", "word"), "change");
  // Behind a trusted proxy, whom it speaks for counts.
  for (let count = 0; count < 11; count += 1) await guess("10.0.0.1", "x", "198.51.100.1");
  assert.equal(await guess("10.0.0.1", "word", "198.51.100.1"), "too many");
  assert.equal(await guess("10.0.0.1", "word", "198.51.100.2"), "change");
  // Nobody escapes by claiming to be forwarded.
  for (let count = 0; count < 11; count += 1) await guess("192.0.2.7", "x", `198.51.100.${count}`);
  assert.equal(await guess("192.0.2.7", "word", "198.51.100.99"), "too many");
});

test("rules that cannot be understood are refused", () => {
  assert.throws(() => openAccess({ ...nobody, password: "$9$x" }, () => 0), { code: "bad-config" });
  assert.throws(() => openAccess({ ...nobody, secure_ip: ["x"] }, () => 0), { code: "bad-config" });
});
