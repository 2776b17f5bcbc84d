import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf } from "../../../shared/config/live.ts";
import { mailbox } from "../../../shared/message/address.ts";
import type { Envelope } from "../../../shared/task.ts";
import { dkimSigningConfig } from "./config.ts";
import { chooseDomain } from "./signer.ts";

const stranger = "198.51.100.1";

function chosen(ucl: string, envelope: Partial<Envelope>, ...authors: readonly string[]): string {
  const { dkim_signing, options } = configOf(dkimSigningConfig, `dkim_signing { ${ucl} }`).get(dkimSigningConfig);
  const mail = {
    envelope: { rcpts: ["ann@rcpt.example.net"], ...envelope },
    authors: authors.map((address) => mailbox("", address)),
  };
  const choice = chooseDomain(mail, dkim_signing, options.local_addrs);
  if (choice === null) return "not ours";
  return "domain" in choice ? choice.domain : `refused: ${choice.refused}`;
}

const joe = "joe@mail.example.org";

test("whose mail it is", () => {
  const from = "joe@example.org";
  const user = "joe@example.org";
  assert.equal(chosen("", { ip: stranger, user, from }, joe), "example.org");
  assert.equal(chosen("sign_authenticated = false", { ip: stranger, user, from }, joe), "not ours");
  assert.equal(chosen("", { ip: "127.0.0.1", from }, joe), "example.org");
  assert.equal(chosen("sign_local = false", { ip: "127.0.0.1", from }, joe), "not ours");
  assert.equal(chosen("", { ip: stranger, from }, joe), "not ours");
  assert.equal(chosen("", { from }, joe), "not ours");
  assert.equal(chosen("sign_inbound = true", { ip: stranger, from }, joe), "example.org");
  assert.equal(chosen('sign_networks = ["198.51.100.0/24"]', { ip: stranger, from }, joe), "example.org");
  assert.equal(chosen('sign_networks = ["198.51.100.0/25"]', { ip: "198.51.100.200", from }, joe), "not ours");
});

test("for which domain", () => {
  const ip = "127.0.0.1";
  const from = "joe@bounce.example.org";
  assert.equal(chosen("", { ip, from }, joe), "example.org");
  assert.equal(chosen("use_esld = false; allow_hdrfrom_mismatch = true", { ip, from }, joe), "mail.example.org");
  assert.equal(
    chosen('use_esld = false; use_domain = "envelope"; allow_hdrfrom_mismatch = true', { ip, from }, joe),
    "bounce.example.org",
  );
  assert.equal(chosen('use_domain = "recipient"', { ip, from }, joe), "example.net");
  assert.equal(chosen('use_domain = "signer.example"', { ip, from }, joe), "signer.example");
  assert.equal(chosen('use_domain = "auth"', { ip, from }, joe), "refused: no domain: auth");
  assert.equal(chosen('use_domain = "auth"', { ip, from, user: "x@example.com" }, joe), "example.com");
  assert.equal(
    chosen('use_domain_sign_local = "envelope"; use_domain = "recipient"', { ip, from }, joe),
    "example.org",
  );
  const inbound = 'sign_inbound = true; use_domain_sign_inbound = "recipient"';
  assert.equal(chosen(inbound, { ip: stranger, from }, joe), "example.net");
  const networks = 'sign_networks = ["198.51.100.1"]; use_domain_sign_networks = "networks.example"';
  assert.equal(chosen(networks, { ip: stranger, from }, joe), "networks.example");
});

test("what must agree", () => {
  const ip = "127.0.0.1";
  const other = { ip, from: "joe@example.com" };
  assert.equal(chosen("", other, joe), "refused: example.org: the envelope sender is of example.com");
  assert.equal(chosen("allow_hdrfrom_mismatch = true", other, joe), "example.org");
  assert.equal(chosen("allow_hdrfrom_mismatch_local = true", other, joe), "example.org");
  assert.equal(chosen("", { ip, from: "" }, joe), "example.org");
  assert.equal(chosen("allow_envfrom_empty = false", { ip, from: "" }, joe), "refused: null sender");
  assert.equal(chosen("", { ip }, joe, "jim@example.org"), "refused: several authors");
  assert.equal(chosen("allow_hdrfrom_multiple = true", { ip }, joe, "jim@example.net"), "example.org");
  assert.equal(chosen("", { ip }), "refused: no author");
  assert.equal(chosen("", { ip, user: "joe" }, joe), "refused: example.org: the login has no domain");
  assert.equal(
    chosen("", { ip, user: "joe@example.com" }, joe),
    "refused: example.org: the login has the domain example.com",
  );
  assert.equal(chosen("allow_username_mismatch = true", { ip, user: "joe@example.com" }, joe), "example.org");
});

test("no author's host is more than a host: it becomes part of the name of a file", () => {
  const ip = "127.0.0.1";
  for (const host of [
    "../../etc/passwd",
    "..",
    ".",
    "a/b",
    "a\\b",
    "a b",
    "a\0b",
    "[192.0.2.1]",
    "$selector",
    "x".repeat(300),
    "%2e%2e",
    ".",
  ]) {
    assert.match(chosen("use_esld = false", { ip }, `joe@${host}`), /^refused: no domain/, host);
  }
  assert.equal(chosen("", { ip }, "joe@BÜCHER.example"), "xn--bcher-kva.example");
});
