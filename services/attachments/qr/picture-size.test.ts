import assert from "node:assert/strict";
import { before, test } from "node:test";
import { detectType } from "../../../shared/message/file-type.ts";
import { bmpOf, codeOf, gifOf, pngOf, saying } from "./codes.testing.ts";
import { plainJpeg, progressiveJpeg } from "./jpegs.testing.ts";
import { isPicture, sizeOfPicture } from "./picture-size.ts";

const sizeOf = (bytes: Buffer) => sizeOfPicture(detectType(bytes), bytes);
const files: Record<string, Buffer> = { jpeg: plainJpeg, progressive: progressiveJpeg };

before(async () => {
  const code = await codeOf(saying, 2);
  files.png = pngOf(code, { bits: 8, channels: "grey" });
  files.deep = pngOf(code, { bits: 16, channels: "rgb" });
  files.gif = gifOf(code);
  files.bmp = bmpOf(code);
});

test("each format says its size, and what it costs to decode", () => {
  const sizes = Object.entries(files).map(([name, bytes]) => {
    const size = sizeOf(bytes);
    return [name, size?.format, size?.width, size?.height, (size?.cost ?? 0) / (66 * 66)];
  });
  assert.deepEqual(sizes.sort(), [
    ["bmp", "bmp", 66, 66, 1],
    ["deep", "png", 66, 66, 2],
    ["gif", "gif", 66, 66, 2],
    ["jpeg", "jpeg", 66, 66, 1],
    ["png", "png", 66, 66, 1],
    ["progressive", "jpeg", 66, 66, 2],
  ]);
});

test("files that end early, and bytes that are wrong", () => {
  for (const bytes of Object.values(files)) {
    for (let length = 0; length < Math.min(bytes.length, 700); length++) sizeOf(bytes.subarray(0, length));
    for (let at = 0; at < Math.min(bytes.length, 700); at++) {
      const wrong = Buffer.from(bytes);
      wrong[at] = 0xff;
      sizeOf(wrong);
    }
  }
});

test("a JPEG whose picture comes before its size has none", () => {
  assert.equal(sizeOf(Buffer.from("ffd8ffda0008010100003f00ffc0000b080042004201011100ffd9", "hex")), null);
});

test("a bitmap from the top down, and one with the old header", () => {
  const down = Buffer.from(files.bmp ?? []);
  down.writeInt32LE(-66, 22);
  assert.equal(sizeOf(down)?.height, 66);
  const old = Buffer.alloc(100);
  old.write("BM", "latin1");
  old.writeUInt32LE(12, 14);
  old.writeUInt16LE(40, 18);
  old.writeUInt16LE(30, 20);
  assert.deepEqual(sizeOf(old), { format: "bmp", width: 40, height: 30, cost: 1200 });
});

test("what is no picture", () => {
  assert.equal(isPicture("image/png"), true);
  for (const type of ["", "image/webp", "application/pdf", "constructor"]) {
    assert.equal(isPicture(type), false);
    assert.equal(sizeOfPicture(type, plainJpeg), null);
  }
});
