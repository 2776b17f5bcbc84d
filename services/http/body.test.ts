import assert from "node:assert/strict";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { test } from "node:test";
import { largeMessage, Room, type Stay } from "../../shared/room.ts";
import { readBody } from "./body.ts";

function incoming(headers: IncomingMessage["headers"]): IncomingMessage {
  return Object.assign(new IncomingMessage(new Socket()), { headers });
}

function stayIn(all: number): Stay {
  return new Room({ all, large: all }).enter();
}

const reception = (stay: Stay, limit: number) => ({ stay, limit, patience: 60_000 });

test("bytes count while the message stays", async () => {
  const room = new Room({ all: 10, large: 10 });
  const first = incoming({ "transfer-encoding": "chunked" });
  const stay = room.enter();
  const reading = readBody(first, reception(stay, 100));
  first.push(Buffer.from("123456"));
  first.push(null);
  assert.deepEqual([(await reading).toString(), room.held], ["123456", 6]);

  const second = incoming({ "transfer-encoding": "chunked" });
  const refused = assert.rejects(readBody(second, reception(room.enter(), 100)), { code: "busy" });
  second.push(Buffer.from("12345"));
  await refused;
  stay.leave();
  assert.equal(room.held, 0);
});

for (const [how, headers] of [
  ["by its length", { "content-length": String(2 * largeMessage) }],
  ["by what came of it", { "transfer-encoding": "chunked" }],
] as const) {
  test(`a large body waits for its turn, ${how}`, async () => {
    const room = new Room({ all: 100 * largeMessage, large: 1 });
    const [other, stay] = [room.enter(), room.enter()];
    await other.becomeLarge(10, 60_000);
    const request = incoming(headers);
    let isRead = false;
    const reading = readBody(request, reception(stay, 4 * largeMessage)).finally(() => {
      isRead = true;
    });
    const piece = Buffer.alloc(2 * largeMessage - 1);
    request.push(piece);
    request.push(Buffer.from("x"));
    request.push(null);
    await new Promise((done) => setTimeout(done, 20));
    assert.ok(!isRead);
    assert.ok(room.held <= piece.length);
    other.leave();
    assert.equal((await reading).length, 2 * largeMessage);
    assert.ok(stay.isLarge);
  });
}

test("a large body that gets no turn is put off, and one that broke off while it waited has broken off", async () => {
  const room = new Room({ all: 100 * largeMessage, large: 1 });
  const other = room.enter();
  await other.becomeLarge(10, 60_000);
  const headers = { "content-length": String(2 * largeMessage) };
  const impatient = { stay: room.enter(), limit: 4 * largeMessage, patience: 1 };
  await assert.rejects(readBody(incoming(headers), impatient), { code: "busy" });
  const gone = incoming(headers);
  const refused = assert.rejects(readBody(gone, reception(room.enter(), 4 * largeMessage)), { code: "bad-input" });
  gone.destroy();
  other.leave();
  await refused;
});

test("a large body is what came, whatever the pieces", async () => {
  const sent = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => at % 251));
  for (const piece of [65_536, 999_983, sent.length]) {
    const request = incoming({ "content-length": String(sent.length) });
    const reading = readBody(request, reception(stayIn(sent.length), sent.length));
    for (let at = 0; at < sent.length; at += piece) request.push(sent.subarray(at, at + piece));
    request.push(null);
    assert.ok((await reading).equals(sent));
  }
  const longer = incoming({ "content-length": "2000000" });
  const refused = assert.rejects(readBody(longer, reception(stayIn(sent.length), sent.length)), { code: "too-large" });
  longer.push(sent);
  await refused;
});

test("what broke off has no end", async () => {
  const request = incoming({ "content-length": "50" });
  const reading = assert.rejects(readBody(request, reception(stayIn(100), 100)), { code: "bad-input" });
  request.push(Buffer.from("half"));
  setImmediate(() => request.destroy());
  await reading;
});

test("a length beyond the limit is refused before a byte is read", async () => {
  for (const length of ["101", "9".repeat(400)]) {
    const request = incoming({ "content-length": length });
    await assert.rejects(readBody(request, reception(stayIn(1000), 100)), { code: "too-large" });
  }
});

test("a transfer coding other than chunked is refused: nobody would undo it", async () => {
  for (const coding of ["gzip, chunked", "deflate,chunked", "chunked, chunked"]) {
    await assert.rejects(readBody(incoming({ "transfer-encoding": coding }), reception(stayIn(100), 100)), {
      code: "bad-input",
    });
  }
  const request = incoming({ "transfer-encoding": "Chunked" });
  const reading = readBody(request, reception(stayIn(100), 100));
  request.push("whole");
  request.push(null);
  assert.equal((await reading).toString(), "whole");
});
