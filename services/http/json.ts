// Pieces of JSON text. The reply to a scan is put together from them, without an object in between.

/** A JSON string. */
export function quote(text: string): string {
  return JSON.stringify(text.isWellFormed() ? text : text.toWellFormed());
}

/** A JSON number of at most six decimals; what is no finite number is 0. */
export function numeral(value: number): string {
  if (!Number.isFinite(value)) return "0";
  return String(Number.isInteger(value) ? value : Math.round(value * 1e6) / 1e6);
}

/** A JSON array of strings. */
export function quoteAll(texts: readonly string[]): string {
  return texts.length === 0 ? "[]" : `[${texts.map(quote).join(",")}]`;
}
