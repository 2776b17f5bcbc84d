// What names one place or time stands for a class: any link, any number of so many digits.

import { nameHash } from "./hash.ts";

export const linkWord = nameHash("#link");
export const addressWord = nameHash("#address");
export const hostWord = nameHash("#host");
export const percentWord = nameHash("#percent");
export const longWord = nameHash("#long");
export const mixedWord = nameHash("#mixed");
export const yearWord = nameHash("#year");
export const numberWords = Array.from({ length: 8 }, (_, digits) => nameHash(`#number${digits}`));
export const amountWords = Array.from({ length: 12 }, (_, digits) => nameHash(`#amount${digits}`));
/** Classes of words, for explanations. */
export const classNames: ReadonlyMap<number, string> = new Map([
  [linkWord, "(link)"],
  [addressWord, "(address)"],
  [hostWord, "(host)"],
  [percentWord, "(percentage)"],
  [longWord, "(long word)"],
  [mixedWord, "(letters and digits)"],
  [yearWord, "(year)"],
  ...numberWords.map((hash) => [hash, "(number)"] as const),
  ...amountWords.map((hash) => [hash, "(amount of money)"] as const),
]);
