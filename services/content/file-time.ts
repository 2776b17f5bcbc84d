// The upper half of a FILETIME (100 ns since 1601), which Microsoft's programs write in hex into Message-IDs and
// boundaries, and how far it is from the Date header.

const year = 365.25 * 86_400_000;
/** 1601-01-01 to 1970-01-01, in ms. */
const epoch = 11_644_473_600_000;
/** One step of the upper half, in ms: 2^32 of 100 ns, about seven minutes. */
const step = 2 ** 32 / 10_000;

/** ms since 1970 of eight hex digits; NaN when they are none. */
export function fileTime(hex: string): number {
  return Number.parseInt(hex, 16) * step - epoch;
}

/** Years between the moment that the hex digits tell and the date. */
export function yearsApart(hex: string, date: number): number {
  return Math.abs(fileTime(hex) - date) / year;
}
