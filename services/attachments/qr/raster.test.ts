import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { decodeAscii85 } from "../pdf-filter.ts";
import { type PdfImage, readPdfImage } from "../pdf-image.ts";
import { ascii85, codeOf, filtered, pngOf, rowsOf, type SampleForm, saying } from "./codes.testing.ts";
import { unwrapImage } from "./pdf-raster.ts";
import { readPng } from "./png.ts";
import { halved, rowBytes, type Shades, samplesOf, shadesOf, spread } from "./raster.ts";

const code = await codeOf(saying, 2);
/** A side that no byte and no pass of an interlaced picture divides. */
const odd: Shades = {
  width: 21,
  height: 13,
  shades: Uint8Array.from({ length: 273 }, (_, i) => (i % 5 < 2 ? 255 : 0)),
};

function assertShades(found: Shades, wanted: Shades): void {
  assert.deepEqual([found.width, found.height], [wanted.width, wanted.height]);
  spread(found);
  assert.ok(Buffer.from(found.shades).equals(wanted.shades));
}

const pngForms = [
  { bits: 1, channels: "grey" },
  { bits: 2, channels: "grey" },
  { bits: 4, channels: "grey" },
  { bits: 8, channels: "grey" },
  { bits: 16, channels: "grey" },
  { bits: 8, channels: "grey-alpha" },
  { bits: 16, channels: "grey-alpha", transparent: true },
  { bits: 8, channels: "rgb" },
  { bits: 16, channels: "rgb" },
  { bits: 8, channels: "rgb-alpha", transparent: true },
  { bits: 16, channels: "rgb-alpha" },
  { bits: 1, channels: "grey", indexed: true },
  { bits: 4, channels: "grey", indexed: true },
  { bits: 8, channels: "grey", indexed: true },
] as const;

for (const form of pngForms) {
  for (const interlaced of [false, true]) {
    test(`PNG ${JSON.stringify(form)}${interlaced ? ", interlaced" : ""}`, async () => {
      for (const picture of [code, odd]) {
        const raster = await readPng(pngOf(picture, form, { interlaced }));
        assert.ok(raster);
        assertShades(shadesOf(raster), picture);
      }
    });
  }
}

test("a PNG with more data than its size asks for is read to there", async () => {
  const tail = Buffer.alloc(5_000_000);
  const raster = await readPng(pngOf(code, { bits: 8, channels: "rgb" }, { tail }));
  assert.ok(raster);
  assertShades(shadesOf(raster), code);
});

test("a PNG that ends early has the rows that came", async () => {
  const whole = pngOf(code, { bits: 8, channels: "grey" });
  const raster = await readPng(whole.subarray(0, whole.length - 100));
  assert.ok(raster);
  const { shades } = shadesOf(raster);
  assert.deepEqual([...shades.subarray(0, 66 * 8)], [...code.shades.subarray(0, 66 * 8)]);
});

/** A picture of a PDF. */
function imageOf(form: SampleForm, over: Partial<PdfImage>): PdfImage {
  const { width, height } = code;
  const { bits, channels } = form;
  const base = { width, height, bits, components: null, filters: ["flate" as const], predictor: 1 };
  return { ...base, content: deflateSync(rowsOf(code, { bits, channels })), ...over };
}

async function shadesIn(image: PdfImage): Promise<Shades> {
  const unwrapped = await unwrapImage(image);
  assert.equal(unwrapped.kind, "raster");
  return unwrapped.kind === "raster" ? shadesOf(unwrapped.raster) : code;
}

test("pictures of PDF files: each number of bits and colours, told by how many bytes there are", async () => {
  for (const channels of ["grey", "rgb", "cmyk"] as const) {
    for (const bits of [8, 16] as const) assertShades(await shadesIn(imageOf({ bits, channels }, {})), code);
  }
  for (const bits of [1, 2, 4] as const) assertShades(await shadesIn(imageOf({ bits, channels: "grey" }, {})), code);
});

test("pictures of PDF files: filters of PNG", async () => {
  for (const channels of ["grey", "rgb"] as const) {
    const form = { bits: 8, channels } as const;
    const length = rowBytes({ width: code.width, ...form });
    const content = deflateSync(filtered(rowsOf(code, form), length, samplesOf[channels]));
    assertShades(await shadesIn(imageOf(form, { predictor: 15, content })), code);
  }
});

test("pictures of PDF files: bytes as letters", async () => {
  const form = { bits: 8, channels: "grey" } as const;
  const packed = deflateSync(rowsOf(code, form));
  assertShades(await shadesIn(imageOf(form, { filters: ["ascii85", "flate"], content: ascii85(packed) })), code);
  const hex = Buffer.from(`${packed.toString("hex")}>`);
  assertShades(await shadesIn(imageOf(form, { filters: ["hex", "flate"], content: hex })), code);
  assertShades(await shadesIn(imageOf(form, { filters: [], content: rowsOf(code, form) })), code);
});

test("a picture of a PDF that unpacks to more than its size asks for", async () => {
  const form = { bits: 8, channels: "grey" } as const;
  const content = deflateSync(Buffer.concat([rowsOf(code, form), Buffer.alloc(3_000_000)]));
  assertShades(await shadesIn(imageOf(form, { components: 1, content })), code);
});

test("letters of ASCII85 as others write them", async () => {
  assert.equal(decodeAscii85(Buffer.from('87cURD]i,"Ebo80~>'), 100).toString(), "Hello World!");
  assert.deepEqual([...decodeAscii85(Buffer.from("z!!~>"), 100)], [0, 0, 0, 0, 0]);
  assert.equal(decodeAscii85(Buffer.from("zzzz"), 9).length, 8);
});

test("what a dictionary says of a picture", async () => {
  const rest = Buffer.from("0123456789 endstream");
  const read = (dictionary: string) => readPdfImage(dictionary, rest, 4);
  const { content, ...image } = read(
    "<< /Width 10 /Height 20 /BitsPerComponent 4 /Filter [/ASCII85Decode /Fl] /DecodeParms [null << /Predictor 12 /Colors 3 >>] >>",
  ) ?? { content: rest };
  assert.deepEqual(image, {
    width: 10,
    height: 20,
    bits: 4,
    components: 3,
    filters: ["ascii85", "flate"],
    predictor: 12,
  });
  assert.equal(content.length, 4);
  assert.equal(read("/Width 10 /Height 20 /Length 10")?.content.length, 10);
  assert.equal(read("/Width 10 /Height 20 /Length 10 0 R")?.content.length, 4);
  assert.equal(read("/W#69dth 10 /Height 20 /ColorSpace [/Indexed /DeviceRGB 1 <0011>]")?.components, 1);
  assert.equal(read("/Width 10 /Height 20 /ImageMask true")?.bits, 1);
  for (const other of ["/Height 1", "/Width 1 0 R /Height 1", "/Width 1 /Height 1 /Filter /JPXDecode"])
    assert.equal(read(other), null);
});

test("pictures whose bytes are changed, cut or missing come to an end", async () => {
  let state = 20_260_116;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (const form of pngForms) {
    const whole = pngOf(odd, form, { interlaced: next() % 2 === 0 });
    for (let round = 0; round < 30; round++) {
      const bytes = Buffer.from(whole.subarray(0, next() % 3 === 0 ? 33 + (next() % (whole.length - 33)) : undefined));
      // Behind the size, which is looked at before.
      for (let i = next() % 4; i >= 0; i--) bytes[24 + (next() % (bytes.length - 24))] = next() & 255;
      const raster = await readPng(bytes);
      if (raster !== null) assert.equal(shadesOf(raster).shades.length, odd.shades.length);
      const filters = ["flate", "ascii85", "hex"] as const;
      const image = imageOf(
        { bits: 8, channels: "grey" },
        {
          bits: form.bits,
          components: [null, 1, 3, 4][next() % 4] ?? null,
          predictor: next() % 2 === 0 ? 1 : 15,
          filters: filters.slice(next() % 3),
          content: bytes.subarray(next() % 60),
        },
      );
      assert.equal((await shadesIn(image)).shades.length, code.shades.length);
    }
  }
});

test("half the size keeps the mean", async () => {
  const shades = Uint8Array.from([0, 4, 8, 12, 100, 104, 108, 112, 9, 9, 9, 9]);
  assert.deepEqual(halved({ width: 4, height: 3, shades }), { width: 2, height: 1, shades: Uint8Array.from([52, 60]) });
});

test("pale shades are spread, others are not", async () => {
  const pale = { width: 3, height: 1, shades: Uint8Array.from([100, 110, 120]) };
  spread(pale);
  assert.deepEqual([...pale.shades], [0, 127, 255]);
  const strong = { width: 2, height: 1, shades: Uint8Array.from([10, 240]) };
  spread(strong);
  assert.deepEqual([...strong.shades], [10, 240]);
});
