// Hashes of features. Every feature is 32 bits, from the letters of its words and the kind of feature that it is. They
// are part of what a trained network is: to change one is to orphan what was learned (schema in features.ts).

/** Where a word's hash starts. */
export const wordSeed = 0x811c9dc5 | 0;

/** One more unit of a word (FNV-1a, on UTF-16 units). */
export function addUnit(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

/** Spreads the bits of a hash (the finaliser of MurmurHash3). */
export function spread(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** One hash of two, in their order. */
export function pair(one: number, other: number): number {
  return spread(Math.imul(one, 0x9e3779b1) ^ (other + 0x7f4a7c15));
}

/** Hash of a name that stands in the source. */
export function nameHash(name: string): number {
  let hash = wordSeed;
  for (let at = 0; at < name.length; at++) hash = addUnit(hash, name.charCodeAt(at));
  return spread(hash);
}
