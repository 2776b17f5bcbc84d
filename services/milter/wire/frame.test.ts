import assert from "node:assert/strict";
import { test } from "node:test";
import { FrameReader, frame } from "./frame.ts";

const quit = Buffer.from([0, 0, 0, 1, 0x51]); // length 1, "Q"
const helo = Buffer.from([0, 0, 0, 4, 0x48, 0x61, 0x62, 0]); // length 4, "H", "ab", NUL

function read(reader: FrameReader) {
  const frames: string[] = [];
  for (let next = reader.next(); next; next = reader.next())
    frames.push(String.fromCharCode(next.command) + next.data.toString("latin1"));
  return frames;
}

test("two packets in one piece", () => {
  const reader = new FrameReader(100);
  reader.push(Buffer.concat([helo, quit]));
  assert.deepEqual(read(reader), ["Hab\0", "Q"]);
  assert.equal(reader.atBoundary, true);
});

test("packets in pieces of one byte", () => {
  const reader = new FrameReader(100);
  const frames: string[] = [];
  for (const byte of Buffer.concat([helo, quit])) {
    reader.push(Buffer.from([byte]));
    frames.push(...read(reader));
  }
  assert.deepEqual(frames, ["Hab\0", "Q"]);
});

test("half a packet is no boundary", () => {
  const reader = new FrameReader(100);
  reader.push(helo.subarray(0, 6));
  assert.deepEqual(read(reader), []);
  assert.equal(reader.atBoundary, false);
});

test("a packet without a command", () => {
  const reader = new FrameReader(100);
  reader.push(Buffer.from([0, 0, 0, 0]));
  assert.throws(() => reader.next(), { code: "bad-input" });
});

test("a length above the limit is refused before its bytes are waited for", () => {
  const reader = new FrameReader(100);
  reader.push(Buffer.from([0xff, 0xff, 0xff, 0xff]));
  assert.throws(() => reader.next(), { code: "too-large" });
  const exact = new FrameReader(4);
  exact.push(helo);
  assert.deepEqual(read(exact), ["Hab\0"]);
});

test("a frame as bytes", () => {
  assert.deepEqual(frame(0x48, Buffer.from("ab"), Buffer.from([0])), helo);
});
