// What each UTF-16 unit is to the reader of words: a letter in its plainest form, a digit, or what divides words.

/** The unit in lower case without accents; 0 for what is neither letter nor digit. */
export const plain: Uint16Array = makePlain();
/** Scripts without blanks between words: there each sign counts as a word. */
export const signsFrom = 0x2e80;

function makePlain(): Uint16Array {
  const table = new Uint16Array(0x10000);
  for (let unit = 0x30; unit <= 0x39; unit++) table[unit] = unit;
  for (let unit = 0x41; unit < 0x2000; unit++) {
    const char = String.fromCharCode(unit);
    if (!/\p{L}|\p{M}/u.test(char)) continue;
    // "é" is "e" to a reader, and what is written to look like a letter is read as that letter.
    const bare = unit < 0x250 || (unit >= 0x1e00 && unit < 0x1f00) ? char.normalize("NFD") : char;
    table[unit] = bare.toLowerCase().charCodeAt(0);
  }
  const wide: readonly (readonly [number, number])[] = [
    [0x3040, 0x30ff],
    [0x3400, 0x4dbf],
    [0x4e00, 0x9fff],
    [0xac00, 0xd7a3],
    [0xf900, 0xfaff],
    [0xd800, 0xdbff], // the first half of what lies beyond: rare signs, pictures
  ];
  for (const [first, last] of wide) for (let unit = first; unit <= last; unit++) table[unit] = unit;
  // Full-width forms of ASCII.
  for (let unit = 0xff10; unit <= 0xff5a; unit++) table[unit] = table[unit - 0xfee0] ?? 0;
  return table;
}
