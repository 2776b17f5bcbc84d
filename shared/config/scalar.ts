// A bare word of UCL: number with suffix, yes or no, null, or text.

export interface Scalar {
  readonly value: string | number | boolean | null;
  readonly unit?: "time" | "size";
}

const numberShape =
  /^(-?)(?:0[xX]([0-9a-fA-F]{1,14})|([0-9]{1,64}(?:\.[0-9]{0,64})?(?:[eE][+-]?[0-9]{1,4})?))([a-zA-Z]{0,3})$/;

/** Bare k, m, g count in thousands, with a b in units of 1024. */
const sizes: ReadonlyMap<string, number> = new Map([
  ["k", 1e3],
  ["m", 1e6],
  ["g", 1e9],
  ["kb", 1024],
  ["mb", 1024 ** 2],
  ["gb", 1024 ** 3],
]);

/** In seconds. */
const times: ReadonlyMap<string, number> = new Map([
  ["ms", 0.001],
  ["s", 1],
  ["min", 60],
  ["h", 3600],
  ["d", 86_400],
  ["w", 7 * 86_400],
  ["y", 365 * 86_400],
]);

const words: ReadonlyMap<string, boolean | null> = new Map([
  ["yes", true],
  ["on", true],
  ["true", true],
  ["no", false],
  ["off", false],
  ["false", false],
  ["null", null],
]);

/** What a bare word means; an Error for a number that no computer holds exactly. */
export function readWord(word: string): Scalar | Error {
  if (word.length <= 5) {
    const known = words.get(word.toLowerCase());
    if (known !== undefined) return { value: known };
  }
  const shape = word.length > 140 ? null : numberShape.exec(word);
  if (shape === null) return { value: word };
  const [, sign, hex, decimal, suffix = ""] = shape;
  const unsigned = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  if (!Number.isFinite(unsigned) || (Number.isInteger(unsigned) && unsigned > Number.MAX_SAFE_INTEGER)) {
    return new Error(`${word} is too large for a number; in quotes it is text`);
  }
  const number = sign === "-" ? -unsigned : unsigned;
  if (suffix === "") return { value: number };
  const size = sizes.get(suffix.toLowerCase());
  if (size !== undefined) return { value: number * size, unit: "size" };
  const time = times.get(suffix.toLowerCase());
  if (time !== undefined) return { value: time === 0.001 ? number / 1000 : number * time, unit: "time" };
  return { value: word };
}
