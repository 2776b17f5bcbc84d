import assert from "node:assert/strict";
import { test } from "node:test";
import { parseBindAddress } from "./bind-address.ts";

test("addresses as Rspamd writes them", () => {
  const tcp = (host: string, port: number) => ({ kind: "tcp", host, port });
  assert.deepEqual(parseBindAddress("127.0.0.1:11333", 1), tcp("127.0.0.1", 11333));
  assert.deepEqual(parseBindAddress("localhost", 1), tcp("localhost", 1));
  assert.deepEqual(parseBindAddress("*:5", 1), tcp("0.0.0.0", 5));
  assert.deepEqual(parseBindAddress("*v6:5", 1), tcp("::", 5));
  assert.deepEqual(parseBindAddress("[::1]:5", 1), tcp("::1", 5));
  assert.deepEqual(parseBindAddress("::1", 1), tcp("::1", 1));
  const unix = { kind: "unix", path: "/run/x.sock", mode: 0o666, ignored: ["owner=nobody"] };
  assert.deepEqual(parseBindAddress("/run/x.sock mode=0666 owner=nobody", 1), unix);
});

test("what cannot be listened on is an error", () => {
  for (const text of ["127.0.0.1:70000", "a b:1", "/run/x.sock mode=9", "/run/x.sock what", `/${"x".repeat(200)}`]) {
    const parsed = parseBindAddress(text, 1);
    assert.ok(parsed instanceof Error, text);
  }
});
