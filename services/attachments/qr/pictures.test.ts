import assert from "node:assert/strict";
import { test } from "node:test";
import type { Attachment } from "../../../shared/task.ts";
import type { PdfDocument } from "../documents.ts";
import type { PdfImage } from "../pdf-image.ts";
import { qrConfig } from "./config.ts";
import { plainJpeg } from "./jpegs.testing.ts";
import { choosePictures } from "./pictures.ts";

const settings = qrConfig.qr.fallback;

/** The header of a PNG; `part` tells them apart. */
function png(part: number, width: number, height: number, length = 100): Attachment {
  const content = Buffer.alloc(length);
  content.write("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1");
  content.writeUInt32BE(width, 16);
  content.writeUInt32BE(height, 20);
  content[24] = 8;
  return { part, filename: "", extension: "", type: "", detected: "image/png", digest: "", content };
}

const parts = (attachments: readonly Attachment[], over: Partial<typeof settings> = {}) => {
  const { pictures, reached } = choosePictures(attachments, { office: [], pdf: [] }, { ...settings, ...over });
  return [pictures.map(({ part }) => part), [...reached]];
};

test("the small ones first, and none that no code fits into", () => {
  assert.deepEqual(parts([png(1, 300, 300), png(2, 20, 900), png(3, 21, 21), png(4, 100, 100)]), [[3, 4, 1], []]);
});

test("each limit is reached and named", () => {
  const three = [png(1, 100, 100), png(2, 200, 100), png(3, 300, 100)];
  assert.deepEqual(parts(three, { images: 2 }), [[1, 2], ["images"]]);
  assert.deepEqual(parts(three, { pixels: 20_000 }), [[1, 2], ["pixels"]]);
  assert.deepEqual(parts(three, { all_pixels: 35_000 }), [[1, 2], ["pixels"]]);
  assert.deepEqual(parts(three, { bytes: 250 }), [[1, 2], ["bytes"]]);
  assert.deepEqual(parts([png(1, 0xffffffff, 0xffffffff)]), [[], ["pixels"]]);
});

test("pictures of PDF files, and what a JPEG in one says of itself", () => {
  const image: PdfImage = {
    width: 100,
    height: 50,
    bits: 8,
    components: null,
    filters: ["flate"],
    predictor: 1,
    content: Buffer.alloc(10),
  };
  const jpeg: PdfImage = { ...image, width: 1_000_000, height: 1_000_000, filters: ["jpeg"], content: plainJpeg };
  const broken: PdfImage = { ...jpeg, content: Buffer.alloc(10) };
  const found = { images: [image, jpeg, broken, { ...image, content: Buffer.alloc(0) }] };
  const pdf = { part: 7, filename: "a.pdf", kind: "pdf", content: Buffer.alloc(0), found } as unknown as PdfDocument;
  const { pictures, reached } = choosePictures([], { office: [], pdf: [pdf] }, settings);
  assert.deepEqual(
    pictures.map(({ part, inDocument, cost, picture }) => [part, inDocument, cost, picture.kind]),
    [
      [7, true, 66 * 66, "file"],
      [7, true, 5000, "pdf"],
    ],
  );
  assert.equal(reached.size, 0);
});
