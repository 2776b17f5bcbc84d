import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf } from "../config/live.ts";
import { natsAccess, natsFaults } from "./nats-access.ts";
import { natsConfig } from "./nats-config.ts";

const config = (lines = "") => configOf(natsConfig, `nats { ${lines} }`).get(natsConfig).nats;

test("addresses with and without what may stand around the host", () => {
  const read = (...addresses: string[]) => natsAccess(addresses, config()).servers;
  assert.deepEqual(read("nats://127.0.0.1:4222", " mail.example.org", "NATS://[::1]:4222/"), [
    "127.0.0.1:4222",
    "mail.example.org",
    "[::1]:4222",
  ]);
  for (const address of [
    "http://a:1",
    "nats://",
    "nats://a:99999",
    "nats://a/b",
    "nats://a?b",
    "nats://a b",
    "",
    "/a",
  ]) {
    assert.throws(() => read(address), { code: "bad-config", message: /is no address of NATS/ }, address);
  }
});

test("who we are: in the address or the section, and in no message", () => {
  const access = (address: string, lines = "") => natsAccess([address], config(lines));
  const user = { user: "bob", pass: "1:2/3@4" };
  assert.deepEqual(access("nats://bob:1%3A2%2F3%404@a:4222"), { servers: ["a:4222"], access: user });
  assert.deepEqual(access("a", 'user = bob; password = "1:2/3@4"').access, user);
  assert.deepEqual(access("nats://t0ken@a").access, { token: "t0ken" });
  assert.deepEqual(access("nats://other:one@a", "token = t0ken").access, { token: "t0ken" });
  assert.deepEqual(access("a").access, {});
  for (const address of ["nats://bob:s3cret/x@a", "bob:s3cret@a@:b", "ws://bob:s3cret@a", "nats://bob:%s3cret@a"]) {
    assert.throws(
      () => access(address),
      ({ code, message }) => code === "bad-config" && !message.includes("s3cret"),
    );
  }
  assert.throws(() => natsAccess(["nats://a:b@c", "nats://d:e@f"], config()), { code: "bad-config" });
});

test("tls:// or any file means TLS, and wrong values are said before anything is opened", () => {
  const tlsOf = (address: string, lines = "") => natsAccess([address], config(lines)).access.tls;
  assert.equal(tlsOf("nats://a"), undefined);
  assert.equal(tlsOf("tls://a")?.rejectUnauthorized, true);
  assert.equal(tlsOf("a", "tls { enabled = yes; first = yes; verify = no }")?.handshakeFirst, true);
  const messages = (lines: string) => natsFaults(config(lines)).map(({ message }) => message);
  assert.deepEqual(messages(""), []);
  assert.match(messages('tls { ca = "/does/not/exist" }').join(), /nats\.tls\.ca: \/does\/not\/exist cannot be read/);
  assert.match(messages('tls { certificate = "/etc/hostname" }').join(), /needs its key/);
  assert.match(messages('tls { ca = "/etc/hostname" }').join(), /cannot be used/);
  assert.match(messages("password = p").join(), /no nats\.user/);
  assert.match(messages("user = u; token = t").join(), /which is it/);
});
