import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeCharset } from "./charset.ts";

const cases: readonly (readonly [bytes: string, label: string, text: string, charset: string, bad?: boolean])[] = [
  ["abc", "", "abc", "us-ascii"],
  ["abc", "UTF-8", "abc", "utf-8"],
  ["\xc3\xbc", "utf8", "ü", "utf-8"],
  ["\xfc\x80", "ISO-8859-1", "ü€", "windows-1252"],
  ["\xa4", "iso-8859-15", "€", "iso-8859-15"],
  ["\xc4\xe3", "GB2312", "你", "gbk"],
  ["\xa7A", "big5", "你", "big5"],
  ["\xc7\xd1", "ks_c_5601-1987", "한", "euc-kr"],
  ['\x1b$B$"\x1b(B', "iso-2022-jp", "あ", "iso-2022-jp"],
  ["+AOQ-", "utf-7", "ä", "utf-7"],
  ["\x81", "cp437", "ü", "cp437"],
  ["a\0b\0", "utf-16le", "ab", "utf-16le"],
  // Unknown or untrue
  ["\xc3\xbc", "x-nonsense", "ü", "utf-8", true],
  ["\xfc", "x-nonsense", "ü", "windows-1252", true],
  ["\xfc", "utf-8", "ü", "windows-1252", true],
  ["\xc3\xbc \xc3\xbc \xfc", "utf-8", "ü ü \ufffd", "utf-8", true],
  ["\xfc", "us-ascii", "ü", "windows-1252", true],
  ["\xfc", "", "ü", "windows-1252"],
  ["\xc4", "gbk", "\ufffd", "gbk", true],
  ["abc", "base64", "abc", "utf-8", true],
  // Byte order marks
  ["\xef\xbb\xbfa", "utf-8", "a", "utf-8"],
  ["\xff\xfea\0", "", "a", "utf-16le"],
  ["\xfe\xff\0a", "utf-8", "a", "utf-16be", true],
];

test("charsets, declared, unknown and untrue", () => {
  for (const [bytes, label, text, charset, bad = false] of cases) {
    const decoded = decodeCharset(Buffer.from(bytes, "latin1"), label);
    assert.deepEqual(decoded, { text, charset, bad }, `${JSON.stringify(bytes)} as ${label}`);
  }
});

test("any label is taken", () => {
  for (const label of ["", " ", "\0", "x".repeat(1000), "__proto__", "constructor", "utf-8\n", "'utf-8'"]) {
    assert.equal(decodeCharset(Buffer.from("abc"), label).text, "abc", label);
  }
});
