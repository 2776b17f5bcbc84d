// Rows of samples, as PNG and PDF have them, turned into shades of grey on white paper.

export interface Raster {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample: 1, 2, 4, 8 or 16. */
  readonly bits: number;
  /** What the samples of a pixel are. */
  readonly channels: "grey" | "grey-alpha" | "rgb" | "rgb-alpha" | "cmyk";
  /** Shades by the value of a sample, where that is an index. */
  readonly palette?: Uint8Array;
  /** Rows, each from a byte on; what is missing at the end is black. */
  readonly rows: Uint8Array;
}

/** One byte a pixel: 0 is black. */
export interface Shades {
  readonly width: number;
  readonly height: number;
  readonly shades: Uint8Array;
}

export const samplesOf: Readonly<Record<Raster["channels"], number>> = {
  grey: 1,
  "grey-alpha": 2,
  rgb: 3,
  "rgb-alpha": 4,
  cmyk: 4,
};

export function rowBytes({ width, bits, channels }: Pick<Raster, "width" | "bits" | "channels">): number {
  return Math.ceil((width * bits * samplesOf[channels]) / 8);
}

/** Brightness of a colour (ITU-R BT.601). */
export function shadeOf(red: number, green: number, blue: number): number {
  return (306 * red + 601 * green + 117 * blue) >> 10;
}

/** A shade as it looks on white paper. */
export function onPaper(shade: number, alpha: number): number {
  return (255 - ((255 - shade) * alpha) / 255) | 0;
}

/** Samples of fewer than 8 bits: indices, or shades to be spread. */
function shadeNarrow(raster: Raster, shades: Uint8Array): void {
  const { width, height, bits, palette, rows } = raster;
  const bytes = rowBytes(raster);
  const mask = (1 << bits) - 1;
  const values = palette ?? Uint8Array.from({ length: mask + 1 }, (_, value) => (value * 255) / mask);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = x * bits;
      const byte = rows[y * bytes + (place >> 3)] ?? 0;
      shades[to++] = values[(byte >> (8 - bits - (place & 7))) & mask] ?? 0;
    }
  }
}

/** Samples of one or two bytes, of which the first is enough. */
function shadeWide(raster: Raster, shades: Uint8Array): void {
  const { channels, palette, rows } = raster;
  const wide = raster.bits >> 3;
  const step = wide * samplesOf[channels];
  const sample = (at: number): number => rows[at] ?? 0;
  let from = 0;
  for (let to = 0; to < shades.length; to++, from += step) {
    const first = sample(from);
    if (channels === "grey") shades[to] = palette === undefined ? first : (palette[first] ?? 0);
    else if (channels === "grey-alpha") shades[to] = onPaper(first, sample(from + wide));
    else {
      const second = sample(from + wide);
      const third = sample(from + 2 * wide);
      if (channels === "cmyk") {
        const ink = shadeOf(first, second, third);
        shades[to] = ((255 - ink) * (255 - sample(from + 3 * wide))) / 255;
        continue;
      }
      const shade = shadeOf(first, second, third);
      shades[to] = channels === "rgb" ? shade : onPaper(shade, sample(from + 3 * wide));
    }
  }
}

export function shadesOf(raster: Raster): Shades {
  const { width, height, bits } = raster;
  const shades = new Uint8Array(width * height);
  if (bits < 8) shadeNarrow(raster, shades);
  else shadeWide(raster, shades);
  return { width, height, shades };
}

/** Below this contrast shades are spread: a picture may use two indices, or pale colours, of many. */
const leastContrast = 128;

/** Spreads the shades over all there are, when they lie close together. */
export function spread({ shades }: Shades): void {
  let low = 255;
  let high = 0;
  for (const shade of shades) {
    if (shade < low) low = shade;
    if (shade > high) high = shade;
  }
  const range = high - low;
  if (range === 0 || range >= leastContrast) return;
  for (let i = 0; i < shades.length; i++) shades[i] = (((shades[i] ?? 0) - low) * 255) / range;
}

/** Half as wide and high. */
export function halved({ width, height, shades }: Shades): Shades {
  const half = { width: width >> 1, height: height >> 1 };
  const small = new Uint8Array(half.width * half.height);
  let to = 0;
  for (let y = 0; y < half.height; y++) {
    for (let x = 0, at = y * 2 * width; x < half.width; x++, at += 2) {
      const sum = (shades[at] ?? 0) + (shades[at + 1] ?? 0) + (shades[at + width] ?? 0) + (shades[at + width + 1] ?? 0);
      small[to++] = sum >> 2;
    }
  }
  return { ...half, shades: small };
}
