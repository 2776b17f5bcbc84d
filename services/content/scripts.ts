// Alphabets within a word. Spam writes Latin words with some letters of Cyrillic or Greek so that no filter knows them.

const latin = 1;
const greek = 2;
const cyrillic = 3;
const armenian = 4;
const hebrew = 5;
const arabic = 6;
const other = 7;

/** Alphabet of a UTF-16 code; 0 for what is no letter, or belongs to a script whose words are mixed as a rule (Han, kana). */
function scriptAt(c: number): number {
  if (c < 128) return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) ? latin : 0;
  if (c < 0x250) return c >= 0xc0 && c !== 0xd7 && c !== 0xf7 ? latin : 0;
  if (c >= 0x1e00 && c < 0x1f00) return latin;
  if ((c >= 0x370 && c < 0x400) || (c >= 0x1f00 && c < 0x2000)) return greek;
  if (c >= 0x400 && c < 0x530) return cyrillic;
  if (c >= 0x530 && c < 0x590) return armenian;
  if (c >= 0x5d0 && c < 0x5f3) return hebrew;
  if (c >= 0x620 && c < 0x700) return arabic;
  if (c >= 0x900 && c < 0xe00) return other;
  return 0;
}

const scripts = Uint8Array.from({ length: 0x10000 }, (_, code) => scriptAt(code));

interface Words {
  count: number;
  mixed: number;
  /** Sum over the words of the share of letters that are of another alphabet than the letter before. */
  sum: number;
}

/** Reads the words of a text in [0, end), runs of letters of known alphabets, but for those that are too long. */
function readWords(text: string, end: number, longestWord: number): Words {
  const words = { count: 0, mixed: 0, sum: 0 };
  let letters = 0;
  let changes = 0;
  let last = 0;
  for (let i = 0; i <= end; i++) {
    const script = i === end ? 0 : (scripts[text.charCodeAt(i)] ?? 0);
    if (script !== 0) {
      letters++;
      if (last !== 0 && script !== last) changes++;
    } else if (letters > 0) {
      if (letters <= longestWord) {
        words.count++;
        if (changes > 0) {
          words.mixed++;
          words.sum += changes / letters;
        }
      }
      letters = 0;
      changes = 0;
    }
    last = script;
  }
  return words;
}

/** Mean share, over the words of a text, of letters that are of another alphabet than the letter before: 0 to 1. Below
 *  `fewest` words that mix it is 0. */
export function mixture(text: string, longestWord: number, fewest: number, longest = text.length): number {
  const { count, mixed, sum } = readWords(text, Math.min(longest, text.length), longestWord);
  return mixed < fewest ? 0 : sum / count;
}
