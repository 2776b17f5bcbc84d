// Values that every driver of the bus must carry unchanged.

/** So many bytes of every value. */
export function bytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31) & 255);
}

/** One of each kind of plain data, and of each size that MessagePack writes in its own way. */
export function plainValues(): unknown[] {
  let deep: unknown = "bottom";
  for (let i = 0; i < 60; i++) deep = i % 2 === 0 ? [deep] : { deep };
  return [
    null,
    true,
    "",
    "a longer text with ümlauts, 漢字, \u{1f600} and a \0 byte ".repeat(50),
    0,
    -1,
    255,
    65_536,
    2 ** 31,
    -(2 ** 31) - 1,
    2 ** 40 + 1,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
    0.1,
    1e300,
    Number.POSITIVE_INFINITY,
    1_763_779_200_123,
    [],
    {},
    [1, [2, [3, []]], null],
    {
      empty: "",
      "key with spaces, ä": 1,
      "1": "a key like a number",
      nested: { list: [{ a: 1 }, { b: [true, false] }] },
    },
    bytes(0),
    bytes(300),
    { content: bytes(70_000), parts: [bytes(1), bytes(2)] },
    Array.from({ length: 70_000 }, (_, i) => i),
    Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`key ${i}`, i])),
    deep,
  ];
}
