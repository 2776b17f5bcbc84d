import assert from "node:assert/strict";
import { test } from "node:test";
import { flawList } from "./flaw.ts";
import { decodeWords } from "./word.ts";

function read(raw: string, charset = "", words = 100) {
  const { flaws, note } = flawList(10);
  return [decodeWords(raw, { eightBit: true, charset, words, part: 0, note }), ...flaws.map(({ kind }) => kind)];
}

const cases: readonly (readonly [raw: string, text: string, ...flaws: string[]])[] = [
  ["plain text", "plain text"],
  ["=?iso-8859-1?Q?Gr=FC=DFe?=", "Grüße"],
  ["=?UTF-8?B?R3LDvMOfZQ==?= x", "Grüße x"],
  ["a =?utf-8?q?b_c?= d", "a b c d"],
  // RFC 2047, 6.2
  ["=?utf-8?q?a?=  =?utf-8?q?b?=", "ab"],
  ["=?utf-8?q?a?= - =?utf-8?q?b?=", "a - b"],
  ["=?utf-8?q?a?= =?iso-8859-1?q?=E9?=", "aé"],
  // A character, and a group of base64, split between words.
  ["=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü"],
  ["=?utf-8?B?w7?= =?utf-8?B?w=?=", "ü"],
  ["=?utf-8?B?w7w=?= =?utf-8?B?w7w=?=", "üü"],
  // Shift states start anew in each word.
  ["=?iso-2022-jp?B?GyRCRnwbKEI=?= =?iso-2022-jp?B?GyRCS1wbKEI=?=", "日本"],
  ["=?utf-8?q?with spaces inside?=", "with spaces inside"],
  ["=?utf-8*en?q?lang?=", "lang"],
  ["=?utf-8?q??=", ""],
  ["=?utf-8?q?a=zz?=", "a=zz"],
  ["=?x-nonsense?q?=E9?=", "é", "bad-word"],
  ["=?utf-8?x?abc?=", "=?utf-8?x?abc?=", "bad-word"],
  ["=?utf-8?q?abc", "=?utf-8?q?abc", "bad-word"],
  ["a =? b", "a =? b"],
  ["page?a=?b?c", "page?a=?b?c"],
  // No words at all: UTF-8 (RFC 6532), else windows-1252.
  ["Gr\xc3\xbc\xc3\x9fe", "Grüße"],
  ["Gr\xfc\xdfe", "Grüße"],
];

test("encoded words and what is sent in their place", () => {
  for (const [raw, ...expected] of cases) assert.deepEqual(read(raw), expected, raw);
});

test("8-bit text is read in the charset of the message", () => {
  assert.deepEqual(read("\xc4\xe3\xba\xc3", "gb2312"), ["你好"]);
});

test("words beyond the limit stay as they are", () => {
  assert.deepEqual(read("=?utf-8?q?a?= =?utf-8?q?b?= =?utf-8?q?c?=", "", 2), ["ab =?utf-8?q?c?=", "limit-words"]);
});
