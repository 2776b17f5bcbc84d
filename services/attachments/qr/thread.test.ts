import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { deflateSync } from "node:zlib";
import type { PdfImage } from "../pdf-image.ts";
import { bmpOf, codeOf, gifOf, pngOf, rowsOf, saying } from "./codes.testing.ts";
import { plainJpeg, progressiveJpeg } from "./jpegs.testing.ts";
import type { PictureFormat } from "./picture-size.ts";
import type { Picture } from "./pictures.ts";
import { CodeThread } from "./thread.ts";

/** Ample on a busy machine. */
const ample = 20_000;
const thread = new CodeThread(ample);
afterEach(() => thread.close());

const pixels = 9_000_000;
const code = await codeOf(saying, 2);
const file = (format: PictureFormat, bytes: Uint8Array): Picture => ({ kind: "file", format, bytes });
const png = file("png", pngOf(code, { bits: 8, channels: "grey" }));

function inPdf(over: Partial<PdfImage>): Picture {
  const { width, height } = code;
  const content = deflateSync(rowsOf(code, { bits: 8, channels: "rgb" }));
  const image = { width, height, bits: 8, components: 3, filters: ["flate" as const], predictor: 1, content };
  return { kind: "pdf", image: { ...image, ...over } };
}

/** The corner marks of codes, and nothing else, side by side: there is no end to what they might be. */
function cornersOnly(side: number): Picture {
  const rows = Buffer.alloc(side * side, 255);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const ring = Math.max(Math.abs((x % 8) - 3), Math.abs((y % 8) - 3));
      if (x % 8 < 7 && y % 8 < 7 && ring !== 2) rows[y * side + x] = 0;
    }
  }
  return inPdf({ width: side, height: side, components: 1, content: deflateSync(rows) });
}

test("codes are read in every form of picture", async () => {
  const pictures = [
    png,
    file("png", pngOf(code, { bits: 8, channels: "rgb-alpha", transparent: true }, { interlaced: true })),
    file("jpeg", plainJpeg),
    file("jpeg", progressiveJpeg),
    file("gif", gifOf(code)),
    file("bmp", bmpOf(code)),
    inPdf({}),
    inPdf({ filters: ["flate", "jpeg"], content: deflateSync(plainJpeg) }),
  ];
  assert.equal(thread.alive, false);
  assert.deepEqual(
    await thread.run(pictures, ample, pixels),
    pictures.map(() => [saying]),
  );
  assert.equal(thread.alive, true);
});

test("what cannot be decoded says nothing", async () => {
  const pictures = [
    file("png", Buffer.from("\x89PNG\r\n\x1a\n")),
    file("jpeg", plainJpeg.subarray(0, 300)),
    file("gif", Buffer.alloc(0)),
    file("bmp", Buffer.alloc(60)),
    inPdf({ content: new Uint8Array(0) }),
    inPdf({ filters: ["jpeg"], content: Buffer.from("hello") }),
  ];
  assert.deepEqual(await thread.run([...pictures, png], ample, pixels), [...pictures.map(() => []), [saying]]);
});

test("a JPEG that is larger than the file around it says is left alone", async () => {
  const picture = inPdf({ filters: ["flate", "jpeg"], content: deflateSync(plainJpeg) });
  assert.deepEqual(await thread.run([picture], ample, 1_000), [[]]);
});

test("what takes too long is cut off, what was found before counts, and the next message is looked at", async () => {
  const first = thread.run([png], ample, pixels);
  // So many that no machine is done with them in time.
  const hard = new Array(60).fill(cornersOnly(2_500));
  const second = thread.run([png, ...hard, png], 300, pixels);
  const third = thread.run([png], ample, pixels);
  assert.deepEqual(await first, [[saying]]);
  const found = await second;
  assert.equal(found.length, hard.length + 2);
  assert.deepEqual([found.at(0), found.at(-1)], [[saying], undefined]);
  assert.deepEqual(await third, [[saying]]);
});

test("a thread that is ended from outside leaves its job without an answer", async () => {
  const job = thread.run([cornersOnly(2_500)], ample, pixels);
  await thread.close();
  assert.deepEqual(await job, [undefined]);
  assert.equal(thread.alive, false);
});

test("the memory around a picture stays where it is", async () => {
  const whole = Buffer.concat([Buffer.alloc(1000), plainJpeg, Buffer.alloc(1000)]);
  const view = whole.subarray(1000, 1000 + plainJpeg.length);
  assert.deepEqual(await thread.run([file("jpeg", view)], ample, pixels), [[saying]]);
  assert.equal(view.length, plainJpeg.length);
});
