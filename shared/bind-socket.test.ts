import assert from "node:assert/strict";
import { test } from "node:test";
import { accountOf, parseBindSocket, showBindSocket } from "./bind-socket.ts";

const tcp: readonly [string, string, number, string][] = [
  ["127.0.0.1:11332", "127.0.0.1", 11332, "inet:127.0.0.1:11332"],
  ["localhost", "localhost", 11332, "inet:localhost:11332"],
  ["*:25", "", 25, "inet:*:25"],
  ["*v6:25", "::", 25, "inet:[::]:25"],
  ["[::1]:0", "::1", 0, "inet:[::1]:0"],
  ["::1", "::1", 11332, "inet:[::1]:11332"],
];
for (const [text, host, port, shown] of tcp)
  test(`address ${text}`, () => {
    const socket = parseBindSocket(text, 11332);
    assert.deepEqual(socket, { kind: "tcp", host, port });
    assert.equal(socket instanceof Error ? "" : showBindSocket(socket), shown);
  });

test("path, with what goes with it", () => {
  assert.deepEqual(parseBindSocket("/run/sluice.sock mode=0660 owner=root group=mail", 11332), {
    kind: "unix",
    path: "/run/sluice.sock",
    mode: 0o660,
    owner: "root",
    group: "mail",
  });
  const bare = { kind: "unix", path: "/s", mode: 0o600, owner: undefined, group: undefined };
  assert.deepEqual(parseBindSocket("/s", 11332), bare);
  assert.deepEqual(parseBindSocket("unix:/s", 11332, 0o660), { ...bare, mode: 0o660 });
});

for (const text of [
  "",
  "host:99999",
  "host:x",
  "::1:1:",
  "127.0.0.1:",
  "a b",
  "/",
  "/s mode=999",
  "/s mode=7777",
  "/s color=red",
  `/${"s".repeat(120)}`,
])
  test(`refused: ${JSON.stringify(text.slice(0, 30))}`, () => {
    assert.ok(parseBindSocket(text, 11332) instanceof Error);
  });

test("accounts by name and by number", () => {
  assert.deepEqual(accountOf("root", undefined), { uid: 0, gid: 0 });
  assert.deepEqual(accountOf(undefined, "12"), { uid: -1, gid: 12 });
  assert.deepEqual(accountOf(undefined, undefined), { uid: -1, gid: -1 });
  assert.throws(() => accountOf("nobody-of-this-name", undefined), /not in \/etc\/passwd/);
});
