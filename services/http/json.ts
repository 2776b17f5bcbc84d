// Pieces of JSON text. The reply to a scan is put together from them, without an object in between.

import { ownText } from "../../shared/own-text.ts";

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

/** Quoted texts that come from declarations: names and descriptions of symbols, the same for every mail. */
const declared = new Map<string, string>();
/** A name that a rule makes up from mail must not fill the memory. */
const maxDeclared = 8192;

/** A JSON string of a text that will come again. */
export function quoteDeclared(text: string): string {
  let quoted = declared.get(text);
  if (quoted === undefined) {
    quoted = quote(text);
    if (declared.size < maxDeclared) declared.set(ownText(text), quoted);
  }
  return quoted;
}
