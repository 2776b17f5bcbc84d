// Finds URLs and addresses in text the way mail readers make links of them. One walk through the text that stops only
// at "://", "@" and a full stop between letters; what was taken is not looked at again.

import { isInvisible } from "./confusable.ts";
import { organisationalDomain } from "./domain.ts";
import { refang } from "./url-host.ts";
import { schemeOf } from "./url-parse.ts";
import { hasLinkedSuffix } from "./url-suffix.ts";
import { mayLook, newWork, type Work } from "./url-work.ts";

export interface Finder {
  /** A URL in text[start, end); `written` is that text, or what it means: joined over line ends, with its scheme. */
  url(written: string, start: number, end: number, schemeless: boolean): void;
  email(user: string, host: string): void;
}

/** Bits of a character's class. */
const hostChar = 1;
const localChar = 2;
const pathEnd = 4;
const letter = 8;

const classes = new Uint8Array(128);
for (let c = 0; c < 128; c++) {
  const char = String.fromCharCode(c);
  if (/[a-zA-Z]/.test(char)) classes[c] = hostChar | localChar | letter;
  else if (/[0-9_-]/.test(char)) classes[c] = hostChar | localChar;
  else if (".!#$%&'*+=^{|}~".includes(char)) classes[c] = localChar;
  else if (c <= 32 || c === 127 || '<>"`'.includes(char)) classes[c] = pathEnd;
}

/** Spaces, quotes and the punctuation of East Asia: where a URL ends. */
const wideEnd = new Set<number>();
for (const [from, to] of [
  [0x80, 0xa0],
  [0xab, 0xab],
  [0xbb, 0xbb],
  [0x2000, 0x200a],
  [0x2018, 0x201f],
  [0x2026, 0x2029],
  [0x202f, 0x202f],
  [0x2039, 0x203a],
  [0x205f, 0x205f],
  [0x3000, 0x3003],
  [0x3008, 0x3011],
  [0x3014, 0x301f],
  [0xff01, 0xff01],
  [0xff08, 0xff09],
  [0xff0c, 0xff0c],
  [0xff1a, 0xff1f],
  [0xff3b, 0xff3b],
  [0xff3d, 0xff3d],
  [0xfffc, 0xfffd],
] as const) {
  for (let c = from; c <= to; c++) wideEnd.add(c);
}

const longestUser = 64;
const longestScheme = 8;
/** Characters over which a URL in angle brackets is joined from several lines. */
const longestWrapped = 2_048;
/** Characters of a host without a scheme, written in whatever way. */
const longestHost = 512;

/** Looks through a text. `bare`: whether host names without `www.` and without a scheme count. When no work is left,
 *  they and addresses are passed over, and of other URLs those beyond ASCII. */
export function findUrls(text: string, bare: boolean, finder: Finder, work: Work = newWork()): void {
  // Everything before `done` was taken or looked at.
  let done = 0;
  let runEnd = 0;
  let colon = text.indexOf("://");
  let defanged = text.indexOf("[:]//");
  let at = text.indexOf("@");
  let dot = nextDot(text, 0);
  for (;;) {
    if (colon >= 0 && colon < done) colon = text.indexOf("://", done);
    if (defanged >= 0 && defanged < done) defanged = text.indexOf("[:]//", done);
    if (at >= 0 && at < done) at = text.indexOf("@", done);
    if (dot >= 0 && dot < done) dot = nextDot(text, done);
    const next = least(least(colon, defanged), least(at, dot));
    if (next < 0) return;
    if (next === colon) {
      const bracketed = text.charCodeAt(colon - 1) === 91 && text.charCodeAt(colon + 3) === 93;
      done = takeScheme(text, done, bracketed ? colon - 1 : colon, bracketed ? colon + 4 : colon + 3, finder, work);
    } else if (next === defanged) {
      done = takeScheme(text, done, defanged, defanged + 5, finder, work);
    } else if (next === at) {
      done = takeEmail(text, done, at, finder, work);
    } else {
      if (dot >= runEnd) runEnd = skip(text, dot, localChar);
      // The full stop of a local part: its address is taken at the "@".
      if (text.charCodeAt(runEnd) === 64) dot = nextDot(text, runEnd);
      else done = takeBare(text, done, dot, bare, finder, work);
    }
  }
}

/** A URL whose scheme ends at `schemeEnd` and whose authority begins at `from`. Answers how far the text is done. */
function takeScheme(text: string, done: number, schemeEnd: number, from: number, finder: Finder, work: Work): number {
  let start = schemeEnd;
  while (start > done && schemeEnd - start < longestScheme && is(text.charCodeAt(start - 1), letter)) start--;
  // "clickhttp://": the scheme is what its end spells.
  let scheme = "";
  while (start < schemeEnd && scheme === "") {
    scheme = schemeOf(text.slice(start, schemeEnd));
    if (scheme === "") start++;
  }
  if (scheme === "") return from;
  const before = text.charCodeAt(start - 1);
  const hostEnd = authorityEnd(text, from, scheme === "file", work);
  if (hostEnd <= from && scheme !== "file") return from;
  // "http://http://example.org": the inner one is meant.
  if (text.startsWith("://", hostEnd)) return from;
  const after = text.charCodeAt(hostEnd);
  let end = hostEnd;
  if (after === 47 || after === 63 || after === 35 || after === 92) end = takePath(text, hostEnd, before);
  const plain = from === schemeEnd + 3;
  if (isOpen(text, start)) {
    const wrapped = unwrap(text, start, end);
    if (wrapped !== null) {
      const joined = text.slice(start, wrapped).replace(/\s+/g, "");
      finder.url(joined, start, wrapped, false);
      return wrapped;
    }
  }
  if (end === hostEnd) end = trimHost(text, from, end);
  const written = plain ? text.slice(start, end) : `${text.slice(start, schemeEnd)}://${text.slice(from, end)}`;
  finder.url(written, start, end, false);
  return Math.max(end, from);
}

/** Where user, host and port end. */
function authorityEnd(text: string, from: number, mayBeEmpty: boolean, work: Work): number {
  let end = from;
  let mark = -1;
  while (end < text.length) {
    const c = text.charCodeAt(end);
    if (c === 47 || c === 63 || c === 35 || c === 92 || isEnd(c)) break;
    if (c === 64) mark = end;
    end++;
  }
  let at = mark < 0 ? from : mark + 1;
  if (text.charCodeAt(at) === 91) {
    // The longest IPv6 address has 45 characters.
    const close = text.slice(at, Math.min(end, at + 64)).indexOf("]");
    if (close > 0 && text.charCodeAt(at + 1) !== 46) at += close + 1;
  }
  at = cutForeign(text, at, skipHost(text, at, true), work);
  if (at === from && !mayBeEmpty) return from;
  if (text.charCodeAt(at) === 58) {
    let port = at + 1;
    while (text.charCodeAt(port) >= 48 && text.charCodeAt(port) <= 57) port++;
    if (port > at + 1) return port;
  }
  return at;
}

/** Where path, query and fragment end: at white space and quotes, at a bracket that was opened before the URL, and
 *  before the punctuation of the sentence around it. */
function takePath(text: string, from: number, before: number): number {
  let round = 0;
  let square = 0;
  let curly = 0;
  let end = from;
  for (; end < text.length; end++) {
    const c = text.charCodeAt(end);
    if (isEnd(c) || (c === 39 && before === 39)) break;
    if (c === 40) round++;
    else if (c === 91) square++;
    else if (c === 123) curly++;
    else if ((c === 41 && --round < 0) || (c === 93 && --square < 0) || (c === 125 && --curly < 0)) break;
  }
  while (end > from && isTail(text.charCodeAt(end - 1))) end--;
  return end;
}

/** Whether `<` or `<URL:` stands before `start` (RFC 3986, appendix C). */
function isOpen(text: string, start: number): boolean {
  const c = text.charCodeAt(start - 1);
  if (c === 60) return true;
  return c === 58 && text.slice(Math.max(0, start - 5), start).toLowerCase() === "<url:";
}

/** Where a URL in angle brackets that goes on in the next line ends; null when it does not. */
function unwrap(text: string, start: number, end: number): number | null {
  const c = text.charCodeAt(end);
  if (c !== 10 && c !== 13) return null;
  const limit = Math.min(text.length, start + longestWrapped);
  let lineStart = false;
  for (let i = end; i < limit; i++) {
    const d = text.charCodeAt(i);
    if (d === 62) return lineStart ? null : i;
    if (d === 60 || d === 34) return null;
    if (d === 10 || d === 13) lineStart = true;
    else if (d === 32 || d === 9) {
      if (!lineStart) return null;
    } else lineStart = false;
  }
  return null;
}

function takeEmail(text: string, done: number, at: number, finder: Finder, work: Work): number {
  let start = at;
  while (start > done && at - start <= longestUser && is(text.charCodeAt(start - 1), localChar | 16)) start--;
  while (start < at && isLead(text.charCodeAt(start))) start++;
  if (start === at || at - start > longestUser || text.charCodeAt(at - 1) === 46) return at + 1;
  const hostEnd = skipHost(text, at + 1, false);
  if (!mayLook(work, text, at + 1, hostEnd)) return hostEnd;
  const end = trimHost(text, at + 1, cutForeign(text, at + 1, hostEnd, work));
  const host = text.slice(at + 1, end);
  if (!endsInName(host)) return at + 1;
  finder.email(text.slice(start, at), host);
  return end;
}

/** A host name around the full stop at `dot`, with what follows it. */
function takeBare(text: string, done: number, dot: number, bare: boolean, finder: Finder, work: Work): number {
  let start = dot;
  while (start > done) {
    const c = text.charCodeAt(start - 1);
    if (isHost(c) || c === 46) start--;
    else if (c === 93 && start - 3 >= done && text.startsWith("[.", start - 3)) start -= 3;
    else if (c === 91 && start === dot) start--;
    else break;
  }
  const whole = skipHost(text, start, true);
  if (whole <= dot) return dot + 1;
  start = skipForeign(text, start, dot);
  const looked = mayLook(work, text, start, Math.min(whole, start + longestHost));
  if (!looked && !/^(?:www|ftp)/i.test(text.slice(start, start + 3))) return whole;
  const hostEnd = trimHost(text, start, cutForeign(text, start, whole, work));
  while (start < hostEnd && isEdge(text.charCodeAt(start))) start++;
  const before = text.charCodeAt(start - 1);
  // Behind these it is the rest of a path or of an address.
  if (before === 47 || before === 92 || before === 64 || hostEnd - start > longestHost) return whole;
  let host = text.slice(start, hostEnd);
  if (host.includes("[") || host.includes("(")) host = refang(host);
  const named = /^(?:www\d{0,3}|ftp)\./i.test(host);
  if ((!named && !bare) || !endsInName(host)) return whole;
  let end = hostEnd;
  if (text.charCodeAt(end) === 58) {
    let port = end + 1;
    while (text.charCodeAt(port) >= 48 && text.charCodeAt(port) <= 57) port++;
    if (port > end + 1 && port <= end + 6) end = port;
  }
  const after = text.charCodeAt(end);
  const path = after === 47 || after === 63 || after === 35;
  if (path) end = takePath(text, end, before);
  // "object.name(": a call.
  if (!named && (after === 40 || !hasLinkedSuffix(host, path))) return Math.max(whole, end);
  const scheme = named && (host.charCodeAt(0) | 32) === 102 ? "ftp" : "http";
  finder.url(`${scheme}://${text.slice(start, end)}`, start, end, true);
  return Math.max(whole, end);
}

/** Index behind the characters of a host. `obfuscated`: `%41` and `[.]` are some as well. */
function skipHost(text: string, from: number, obfuscated: boolean): number {
  let at = from;
  while (at < text.length) {
    const c = text.charCodeAt(at);
    if (isHost(c) || c === 46) at++;
    else if (!obfuscated) break;
    else if (c === 37 && /^[0-9a-fA-F]{2}/.test(text.slice(at + 1, at + 3))) at += 3;
    else if (c === 91 && text.startsWith(".]", at + 1)) at += 3;
    else if (c === 91 && /^dot\]/i.test(text.slice(at + 1, at + 5))) at += 5;
    else if (c === 40 && text.startsWith(".)", at + 1)) at += 3;
    else break;
  }
  return at;
}

/** Leaves the punctuation at the end of a host out. */
function trimHost(text: string, from: number, to: number): number {
  let end = to;
  while (end > from && isEdge(text.charCodeAt(end - 1))) end--;
  return end;
}

/** Where a host ends to which a language that writes no blanks has added its next word: before that word, if the
 *  suffix is none with it and one without. */
function cutForeign(text: string, from: number, to: number, work: Work): number {
  let at = from;
  while (at < to && text.charCodeAt(at) < 128) at++;
  if (at === to || at === from || to - from > longestHost || !mayLook(work, text, from, to)) return to;
  if (organisationalDomain(text.slice(from, to)) !== "" || organisationalDomain(text.slice(from, at)) === "") return to;
  return at;
}

/** Where a host begins to which such a language has put its last word: behind the East Asian letters. */
function skipForeign(text: string, from: number, dot: number): number {
  let at = from;
  while (at < dot && text.charCodeAt(at) >= 0x2e80) at++;
  return at < dot && text.charCodeAt(at) < 128 && text.charCodeAt(at) !== 46 ? at : from;
}

/** Next full stop with something of a host name on both sides. */
function nextDot(text: string, from: number): number {
  let at = from;
  for (;;) {
    at = text.indexOf(".", at);
    if (at < 0) return -1;
    const after = text.charCodeAt(at + 1);
    const before = text.charCodeAt(at - 1);
    if (isHost(after) && isHost(before)) return at;
    if (after === 93 && before === 91) return at;
    at++;
  }
}

/** Whether the last label is no number and has two characters at least. */
function endsInName(host: string): boolean {
  const dot = host.lastIndexOf(".");
  if (dot < 1 || host.length - dot < 3) return false;
  for (let i = dot + 1; i < host.length; i++) {
    const c = host.charCodeAt(i);
    if (c >= 128 || c === 93) return true;
    if (!is(c, letter) && !host.startsWith("xn--", dot + 1)) return false;
  }
  return true;
}

function skip(text: string, from: number, bits: number): number {
  let at = from;
  while (at < text.length && is(text.charCodeAt(at), bits)) at++;
  return at;
}

function is(c: number, bits: number): boolean {
  return c < 128 && ((classes[c] ?? 0) & bits) !== 0;
}

function isHost(c: number): boolean {
  return c < 128 ? ((classes[c] ?? 0) & hostChar) !== 0 : c >= 128 && (c === 0x3002 || !wideEnd.has(c));
}

function isEnd(c: number): boolean {
  return c < 128 ? ((classes[c] ?? 0) & pathEnd) !== 0 : c === 0x3002 || wideEnd.has(c);
}

/** What no host begins or ends with: . - _ and other full stops, characters that take no room. */
function isEdge(c: number): boolean {
  if (c < 128) return c === 46 || c === 45 || c === 95;
  return c === 0x3002 || c === 0xff0e || c === 0xff61 || isInvisible(c);
}

/** . , ; : ! ? ' * and an opening bracket. */
function isTail(c: number): boolean {
  return (
    c === 46 || c === 44 || c === 59 || c === 58 || c === 33 || c === 63 || c === 39 || c === 42 || c === 40 || c === 91
  );
}

/** What may stand before a local part and is not of it, although RFC 5322 would have it so. */
function isLead(c: number): boolean {
  return !(is(c, hostChar) || c === 43);
}

function least(a: number, b: number): number {
  if (a < 0) return b;
  return b < 0 || a < b ? a : b;
}
