import assert from "node:assert/strict";
import { test } from "node:test";
import { configOf } from "../../shared/config/live.ts";
import { milterConfig } from "./config.ts";

const milter = (ucl: string) => configOf(milterConfig, `milter { ${ucl} }`).get(milterConfig).milter;

test("an empty configuration listens where Rspamd's proxy does", () => {
  const config = configOf(milterConfig).get(milterConfig).milter;
  assert.deepEqual(config.bind_socket, [{ kind: "tcp", host: "127.0.0.1", port: 11332 }]);
  assert.equal(config.oversized, "tempfail");
  assert.equal(config.max_message, 50 * 1024 * 1024);
});

test("several sockets", () => {
  const { bind_socket } = milter('bind_socket = "*:11332"; bind_socket = "/run/sluice.sock mode=0666";');
  assert.deepEqual(
    bind_socket.map((socket) => (socket.kind === "tcp" ? socket.port : socket.mode)),
    [11332, 0o666],
  );
});

for (const wrong of ['bind_socket = "nowhere at all"', 'spam_header = "X Spam"', "oversized = drop", "max_message = 1"])
  test(`refused: ${wrong}`, () => {
    assert.throws(() => milter(wrong), { code: "bad-config" });
  });
