// A picture of a PDF -> rows of samples, or a JPEG that lies in it.

import { asBuffer } from "../../../shared/as-buffer.ts";
import { decodeAscii85, decodeHex } from "../pdf-filter.ts";
import type { PdfImage } from "../pdf-image.ts";
import { unfilter, unpackZlib } from "./png.ts";
import { type Raster, rowBytes, samplesOf } from "./raster.ts";

/** Bytes of the largest form that a picture of this size can have. */
function largest({ width, height, bits }: PdfImage): number {
  return (rowBytes({ width, bits, channels: "cmyk" }) + 1) * height;
}

const byComponents: ReadonlyMap<number | null, Raster["channels"]> = new Map([
  [1, "grey"],
  [3, "rgb"],
  [4, "cmyk"],
]);

/** What the samples are; where the colour space is described elsewhere (8.6), by how many bytes there are. */
function channelsOf(image: PdfImage, bytes: number, filtered: boolean): Raster["channels"] {
  const { width, height, bits, components } = image;
  const known = byComponents.get(components);
  if (known !== undefined) return known;
  const fits = (channels: Raster["channels"]) => {
    const row = rowBytes({ width, bits, channels }) + (filtered ? 1 : 0);
    return bytes >= row * height;
  };
  if (fits("cmyk")) return "cmyk";
  return fits("rgb") ? "rgb" : "grey";
}

export type Unwrapped =
  | { readonly kind: "raster"; readonly raster: Raster }
  | { readonly kind: "jpeg"; readonly bytes: Buffer };

/** Unpacks a picture. Whoever calls has looked at its size. Never throws. */
export async function unwrapImage(image: PdfImage): Promise<Unwrapped> {
  const most = largest(image);
  const { content } = image;
  let bytes = asBuffer(content);
  for (const filter of image.filters) {
    if (filter === "jpeg") return { kind: "jpeg", bytes };
    if (filter === "ascii85") bytes = decodeAscii85(bytes, most);
    else if (filter === "hex") bytes = decodeHex(bytes);
    else bytes = await unpackZlib(bytes, most);
  }
  const { width, height, bits, predictor } = image;
  const filtered = predictor >= 10;
  const channels = channelsOf(image, bytes.length, filtered);
  const form = { width, height, bits, channels };
  const pixel = Math.max(1, (bits * samplesOf[channels]) >> 3);
  const rows = filtered ? unfilter(bytes, rowBytes(form), height, pixel) : bytes;
  return { kind: "raster", raster: { ...form, rows } };
}
