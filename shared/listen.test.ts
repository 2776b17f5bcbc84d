import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { UnixSocket } from "./bind-socket.ts";
import { listen } from "./listen.ts";

function socketIn(t: TestContext, options: Partial<UnixSocket>): UnixSocket {
  const folder = mkdtempSync(join(tmpdir(), "sluice-listen-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return { kind: "unix", path: join(folder, "socket"), mode: 0o600, owner: undefined, group: undefined, ...options };
}

test("a socket is nobody else's until it has its owner and mode, whatever the umask", async (t) => {
  const socket = socketIn(t, { mode: 0o666 });
  const server = createServer();
  const before = process.umask(0);
  const opening = listen(server, socket);
  process.umask(before);
  assert.equal(statSync(socket.path).mode & 0o777, 0o600);
  assert.equal(await opening, `unix:${socket.path}`);
  assert.equal(statSync(socket.path).mode & 0o777, 0o666);
  server.close();
  await once(server, "close");
});

test("a socket belongs to the owner and the group that are said", async (t) => {
  const socket = socketIn(t, { owner: "65534", group: "12" });
  const server = createServer();
  if (process.getuid?.() === 0) {
    await listen(server, socket);
    const { uid, gid } = statSync(socket.path);
    assert.deepEqual({ uid, gid }, { uid: 65_534, gid: 12 });
  } else {
    // Only root gives files away: what shows is that it was tried.
    await assert.rejects(listen(server, socket), { code: "unavailable", message: /chown/ });
  }
  server.close();
  await once(server, "close");
});
