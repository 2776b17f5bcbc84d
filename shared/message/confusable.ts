// Host names whose letters look like others: Latin, Cyrillic, Greek and Armenian letters that an eye takes for each
// other (UTS 39, 4 and 5, with a small table of our own).

import { domainToUnicode } from "node:url";

// Latin letter; letters that nobody tells from it; letters that a hurried eye takes for it.
const table: readonly (readonly [string, string, string])[] = [
  ["a", "\u0430\u0251", "\u03b1"], // Cyrillic a, Latin alpha; Greek alpha
  ["b", "", "\u044c\u042a"], // Cyrillic soft and hard sign
  ["c", "\u0441\u03f2", ""], // Cyrillic es, Greek lunate sigma
  ["d", "\u0501", "\u056a"], // Cyrillic komi de; Armenian zhe
  ["e", "\u0435\u04bd", ""], // Cyrillic ie, Abkhasian che
  ["g", "\u0261\u0581", ""], // Latin script g, Armenian co
  ["h", "\u04bb\u0570", ""], // Cyrillic shha, Armenian ho
  ["i", "\u0456\u03b9\u0269", "\u0457"], // Cyrillic i, Greek iota, Latin iota; Cyrillic yi
  ["j", "\u0458\u03f3", "\u0575"], // Cyrillic je, Greek yot; Armenian yi
  ["k", "", "\u043a\u03ba"], // Cyrillic ka, Greek kappa
  ["l", "\u04cf", ""], // Cyrillic palochka
  ["m", "", "\u043c"], // Cyrillic em
  ["n", "\u0578", "\u043f\u03b7"], // Armenian vo; Cyrillic pe, Greek eta
  ["o", "\u043e\u03bf\u0585", "\u03c3"], // Cyrillic o, Greek omicron, Armenian oh; Greek sigma
  ["p", "\u0440", "\u03c1"], // Cyrillic er; Greek rho
  ["q", "\u051b\u0566", "\u0563"], // Cyrillic qa, Armenian za; Armenian gim
  ["r", "", "\u0433"], // Cyrillic ghe
  ["s", "\u0455", "\u057f"], // Cyrillic dze; Armenian tiwn
  ["t", "", "\u0442\u03c4"], // Cyrillic te, Greek tau
  ["u", "\u057d\u03c5", "\u0446\u03bc"], // Armenian seh, Greek upsilon; Cyrillic tse, Greek mu
  ["v", "\u0475\u03bd", ""], // Cyrillic izhitsa, Greek nu
  ["w", "\u051d", "\u0448\u03c9\u0561"], // Cyrillic we; Cyrillic sha, Greek omega, Armenian ayb
  ["x", "\u0445", "\u03c7"], // Cyrillic ha; Greek chi
  ["y", "\u0443\u04af", "\u03b3"], // Cyrillic u, straight u; Greek gamma
];

const twins = new Map<string, string>();
const lookAlikes = new Map<string, string>();
for (const [plain, same, similar] of table) {
  for (const other of same.toLowerCase()) twins.set(other, plain);
  for (const other of (same + similar).toLowerCase()) lookAlikes.set(other, plain);
}

const latin = 1;
const cyrillic = 2;
const greek = 4;
const armenian = 8;

/** Whether a host, in Unicode or in punycode, has a label that reads as another one: letters of Latin mixed with those
 *  of Cyrillic, Greek or Armenian; full-width letters; a label of foreign letters that are all twins of Latin ones, under a suffix
 *  that is Latin. */
export function isConfusable(host: string): boolean {
  const written = host.includes("xn--") || host.includes("XN--") ? domainToUnicode(host) : host;
  if (!hasOther(written)) return false;
  const labels = written.toLowerCase().split(/[.\u3002\uff0e\uff61]/);
  const last = labels.findLast((label) => label !== "") ?? "";
  const latinSuffix = !hasOther(last);
  return labels.some((label) => confuses(label, latinSuffix));
}

/** What looks alike within ASCII (UTS 39, 4): digits for letters, and two letters for one. */
function withoutTwins(host: string): string {
  return host.replaceAll("0", "o").replaceAll("1", "l").replaceAll("rn", "m");
}

/** A host as an eye reads it: look-alikes replaced by the Latin letter they look like, full-width letters by plain
 *  ones, invisible characters gone. Two hosts with the same skeleton look the same. To compare, not to show. */
export function skeleton(host: string): string {
  const written = host.includes("xn--") ? domainToUnicode(host) : host;
  if (!hasOther(written)) return withoutTwins(written.toLowerCase());
  let out = "";
  for (const letter of written.normalize("NFKC").toLowerCase()) {
    if (!isInvisible(letter.charCodeAt(0))) out += lookAlikes.get(letter) ?? letter;
  }
  return withoutTwins(out);
}

function confuses(label: string, latinSuffix: boolean): boolean {
  let scripts = 0;
  let alien = false; // a letter that no Latin one looks like
  let rare = false; // a Latin letter of no alphabet in use
  for (let i = 0; i < label.length; i++) {
    const c = label.charCodeAt(i);
    if (c < 128) {
      if (c >= 97 && c <= 122) scripts |= latin;
      continue;
    }
    if (c >= 0xff01 && c <= 0xff5e) return true;
    const script = scriptOf(c);
    const looks = twins.has(label.charAt(i));
    if (script === latin && looks) rare = true;
    if (script !== latin && !looks) alien = true;
    scripts |= script;
  }
  if (rare) return true;
  const foreign = scripts & (cyrillic | greek | armenian);
  if (foreign === 0) return false;
  // A power of two is one script; Latin or another beside it is a mixture that no language writes.
  if ((scripts & (scripts - 1)) !== 0) return true;
  return latinSuffix && !alien;
}

function scriptOf(c: number): number {
  if (c < 0x250 || (c >= 0x250 && c < 0x2b0) || (c >= 0x1d00 && c < 0x1e00) || (c >= 0x1e00 && c < 0x1f00))
    return latin;
  if (c >= 0x370 && c < 0x400) return greek;
  if (c >= 0x400 && c < 0x530) return cyrillic;
  if (c >= 0x530 && c < 0x590) return armenian;
  if (c >= 0x1f00 && c < 0x2000) return greek;
  return 0;
}

function hasOther(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 128) return true;
  return false;
}

/** Characters that take no room: soft hyphen, zero-width space and joiners, word joiner, byte order mark. */
export function isInvisible(c: number): boolean {
  return c === 0xad || (c >= 0x200b && c <= 0x200f) || c === 0x2060 || c === 0xfeff || c === 0x34f || c === 0x180e;
}
