import assert from "node:assert/strict";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { largeMessage, Room } from "../../shared/room.ts";
import { withMessage } from "./message.ts";
import { readFields } from "./request-fields.ts";

const limits = { maxMessage: 10 * largeMessage, taskTimeout: 60_000 };
const held = new Error("held");

/** Sends a body; resolves with the bytes of the message and of what it holds. */
function send(room: Room, encoding: string, body: Buffer, patience = limits.taskTimeout) {
  const headers = { "content-encoding": encoding, "content-length": String(body.length) };
  const request = Object.assign(new IncomingMessage(new Socket()), { headers });
  request.push(body);
  request.push(null);
  const fields = readFields(Object.entries(headers).flat(), "");
  const gateway = { room, limits: { ...limits, taskTimeout: patience } };
  return withMessage(gateway, fields, request, async (raw) => [raw.length, room.held]);
}

for (const [encoding, pack] of [
  ["zstd", zstdCompressSync],
  ["gzip", gzipSync],
] as const) {
  test(`what unpacks to a large message waits for its turn: ${encoding}`, async () => {
    const room = new Room({ all: 100 * largeMessage, large: 8 * largeMessage });
    const other = room.enter();
    await other.becomeLarge(8 * largeMessage, 60_000);
    const body = pack(Buffer.alloc(3 * largeMessage, "mail "));
    const small = pack(Buffer.from("mail"));
    const waiting = send(room, encoding, body);
    assert.deepEqual(
      await send(room, encoding, small),
      [4, 4 + small.length + body.length],
      "a small one does not wait",
    );
    assert.equal(await Promise.race([waiting, Promise.reject(held).catch(String)]), String(held));
    await assert.rejects(send(room, encoding, body, 1), { code: "busy" });
    other.leave();
    assert.deepEqual(await waiting, [3 * largeMessage, 3 * largeMessage + body.length]);
    assert.equal(room.held, 0);
  });
}

test("what is too large or cannot be read is refused", async () => {
  const room = new Room({ all: 100 * largeMessage, large: 8 * largeMessage });
  const huge = zstdCompressSync(Buffer.alloc(11 * largeMessage));
  await assert.rejects(send(room, "zstd", huge), { code: "too-large" });
  await assert.rejects(send(room, "gzip", Buffer.from("no gzip")), { code: "bad-input" });
  assert.equal(room.held, 0);
});
