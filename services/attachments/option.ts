// File names as options of a hit: they come from the sender and go into logs and headers.

const longest = 64;

/** The end of a name, without control characters. */
export function nameOption(name: string): string {
  return name.slice(-longest).replace(/[\0-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, "?");
}
