// The thread of thread.ts: finds codes in pictures. The decoder is zxing-cpp as WebAssembly, which nothing it decodes can
// break out of; its bytes come from the package on this disk.

import { readFileSync } from "node:fs";
import { prepareZXingModule, type ReaderOptions, readBarcodes } from "zxing-wasm/reader";
import { asBuffer } from "../../../shared/as-buffer.ts";
import { work } from "../../../shared/thread/work.ts";
import { unwrapImage } from "./pdf-raster.ts";
import { sizeOfPicture } from "./picture-size.ts";
import type { Picture } from "./pictures.ts";
import { readPng } from "./png.ts";
import { halved, type Raster, shadesOf, spread } from "./raster.ts";
import type { CodeTask, Texts } from "./thread.ts";

const options: ReaderOptions = {
  formats: ["QRCode"],
  // A code is found at whatever angle; this is for bars.
  tryRotate: false,
  maxNumberOfSymbols: 10,
  textMode: "Plain",
};
/** From so many pixels on a picture is looked at in half its size: the modules of its codes are large enough. */
const large = 4_000_000;
/** Memory that the decoder may keep: it never gives any back. */
const mostMemory = 64 * 1024 * 1024;

const decoder = await prepareZXingModule({
  overrides: { wasmBinary: new Uint8Array(readFileSync(wasmFile())).buffer },
  fireImmediately: true,
});

function memoryOf(module: object): number {
  return "HEAPU8" in module && module.HEAPU8 instanceof Uint8Array ? module.HEAPU8.length : Number.POSITIVE_INFINITY;
}

function wasmFile(): URL {
  return new URL(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm"));
}

/** A picture in the simplest form that the decoder reads (PGM). */
function greyFile(raster: Raster): Uint8Array {
  const whole = shadesOf(raster);
  const picture = whole.shades.length > large ? halved(whole) : whole;
  spread(picture);
  const { width, height, shades } = picture;
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), shades]);
}

/** What the decoder is given; null for what it could not read, or is larger than was said. */
async function fileOf(picture: Picture, mostPixels: number): Promise<Uint8Array | null> {
  if (picture.kind === "file") {
    if (picture.format !== "png") return picture.bytes;
    const raster = await readPng(asBuffer(picture.bytes));
    return raster === null ? null : greyFile(raster);
  }
  const unwrapped = await unwrapImage(picture.image);
  if (unwrapped.kind === "raster") return greyFile(unwrapped.raster);
  const size = sizeOfPicture("image/jpeg", unwrapped.bytes);
  return size === null || size.cost > mostPixels ? null : unwrapped.bytes;
}

async function textsOf(picture: Picture, mostPixels: number): Promise<Texts> {
  const file = await fileOf(picture, mostPixels);
  if (file === null) return [];
  const found = await readBarcodes(file, options);
  return found.filter(({ isValid }) => isValid).map(({ text }) => text);
}

work<CodeTask, Texts>(async ({ pictures, mostPixels }, { left, answer, spent }) => {
  for (const picture of pictures) {
    if (left() < 0) break;
    try {
      answer(await textsOf(picture, mostPixels));
    } catch {
      // The decoder may have lost memory: the next message gets another thread.
      answer([]);
      spent();
    }
  }
  if (memoryOf(decoder) > mostMemory) spent();
});
