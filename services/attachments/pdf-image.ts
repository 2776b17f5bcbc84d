// Pictures in a PDF (ISO 32000-1, 8.9.5): what their dictionary says of them. They are unpacked by whoever wants to see them.

import { filtersOf, type PdfFilter } from "./pdf-filter.ts";
import { unescapeName } from "./pdf-name.ts";
import { numberOf } from "./pdf-number.ts";

export interface PdfImage {
  readonly width: number;
  readonly height: number;
  /** Bits of one component: 1, 2, 4, 8 or 16. */
  readonly bits: number;
  /** Components of a pixel: 1, 3 or 4; null where the colour space is described elsewhere. */
  readonly components: number | null;
  /** The outermost first. */
  readonly filters: readonly PdfFilter[];
  /** 1 for none, 10 and up for those of PNG (7.4.4.4). */
  readonly predictor: number;
  readonly content: Uint8Array;
}

/** Components by colour space (8.6.3), where its name tells. */
const colourSpaces: ReadonlyMap<string, number> = new Map([
  ["DeviceGray", 1],
  ["CalGray", 1],
  ["Indexed", 1],
  ["Separation", 1],
  ["DeviceRGB", 3],
  ["CalRGB", 3],
  ["Lab", 3],
  ["DeviceCMYK", 4],
]);

function componentsOf(dictionary: string): number | null {
  const name = /\/ColorSpace\s{0,5}(?:\[\s{0,5})?\/(\w{1,20})/.exec(dictionary)?.[1] ?? "";
  const colours = numberOf(dictionary, "Colors");
  return colourSpaces.get(name) ?? (colours === 1 || colours === 3 || colours === 4 ? colours : null);
}

export function isImageDictionary(dictionary: string): boolean {
  return /\/Subtype\s{0,5}\/Image\b/.test(dictionary);
}

/**
 * Reads the dictionary of a picture. `rest` is the file from where its bytes begin, `end` where the mark of its end stands
 * in that. Null for one whose form is not known here.
 */
export function readPdfImage(written: string, rest: Buffer, end: number): PdfImage | null {
  const dictionary = unescapeName(written);
  const width = numberOf(dictionary, "Width");
  const height = numberOf(dictionary, "Height");
  const filters = filtersOf(dictionary);
  if (width === null || height === null || filters === null) return null;
  if (filters.some((filter) => filter === "lzw" || filter === "run-length")) return null;
  const mask = /\/ImageMask\s{0,5}true/.test(dictionary);
  const bits = mask ? 1 : (numberOf(dictionary, "BitsPerComponent") ?? 8);
  const components = mask ? 1 : componentsOf(dictionary);
  const predictor = numberOf(dictionary, "Predictor") ?? 1;
  if (![1, 2, 4, 8, 16].includes(bits) || (predictor !== 1 && predictor < 10)) return null;
  // The mark may also stand within the bytes: the length counts when it leads to one.
  const length = numberOf(dictionary, "Length");
  const isTrue = length !== null && /^\s{0,2}endstream/.test(rest.toString("latin1", length, length + 11));
  return { width, height, bits, components, filters, predictor, content: rest.subarray(0, isTrue ? length : end) };
}
