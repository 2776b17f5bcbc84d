// Numbers in the dictionaries of a PDF (ISO 32000-1, 7.3.7).

const keys = ["Width", "Height", "BitsPerComponent", "Predictor", "Colors", "Columns", "Length"] as const;
/** A number that stands there itself, and not a reference to one. */
const numbers = Object.fromEntries(
  keys.map((key) => [key, new RegExp(`/${key}\\s{0,5}(\\d{1,9})(?!\\d|\\s{1,5}\\d{1,9}\\s{1,5}R)`)] as const),
);

/** The number that a key has; null when there is none. */
export function numberOf(dictionary: string, key: (typeof keys)[number]): number | null {
  const found = numbers[key]?.exec(dictionary)?.[1];
  return found === undefined ? null : Number(found);
}
