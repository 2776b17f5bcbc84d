// Parameters of Content-Type and Content-Disposition (RFC 2045, 5.1), with the continuations and charsets of RFC 2231.

import { decodeCharset } from "./charset.ts";
import { inside, quoteEnd } from "./comment.ts";
import { hexDigit } from "./hex.ts";
import { decodeWords, type WordContext } from "./word.ts";

/** A value with its parameters: "text/plain; charset=utf-8". */
export interface Parameters {
  /** What stands before the first semicolon, trimmed, in lower case. */
  readonly value: string;
  /** Names in lower case; values decoded, but for `boundary`, which is compared with bytes. */
  readonly params: Readonly<Record<string, string>>;
  /** Whether more than `limit` stood there. */
  readonly limited: boolean;
  /** Name of the first parameter that stood there twice, or "". */
  readonly duplicate: string;
  /** What other mail readers take for the value: the last of several, the plain one beside that of RFC 2231, a boundary
   *  as it stands. By name; null when all agree. */
  readonly others: Readonly<Record<string, string>> | null;
}

interface Section {
  readonly index: number;
  readonly encoded: boolean;
  readonly text: string;
}

/** Percent-encoded text to bytes, one char a byte. */
function percentDecode(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => {
    return String.fromCharCode(hexDigit(digits.charCodeAt(0)) * 16 + hexDigit(digits.charCodeAt(1)));
  });
}

/** RFC 2231, 3 and 4: sections in order of their numbers; the first may open with charset'language'. */
function joinSections(sections: readonly Section[]): string {
  const sorted = [...sections].sort((one, other) => one.index - other.index);
  let charset = "";
  let bytes = "";
  let expected = sorted[0]?.index ?? 0;
  for (const section of sorted) {
    if (section.index !== expected) break; // a gap ends the value, a repeated number is an attempt to hide
    expected++;
    let text = section.text;
    if (section.encoded) {
      if (section === sorted[0]) {
        const quote = text.indexOf("'");
        const second = quote === -1 ? -1 : text.indexOf("'", quote + 1);
        if (second !== -1) {
          charset = text.slice(0, quote);
          text = text.slice(second + 1);
        }
      }
      text = percentDecode(text);
    }
    bytes += text;
  }
  if (charset === "" && !/[\x80-\xff]/.test(bytes)) return bytes;
  return decodeCharset(Buffer.from(bytes, "latin1"), charset).text;
}

/** Where a bare value ends: RFC 2045 says a token, senders write blanks and brackets too. */
function bareEnd(text: string, start: number): number {
  const end = text.indexOf(";", start);
  return end === -1 ? text.length : end;
}

/** The token that a bare value begins with. */
function tokenOf(text: string): string {
  return /^[^\s"]*/.exec(text)?.[0] ?? "";
}

/** Reads an unfolded field without comments. Of a name that stands there twice the first value counts. */
export function parseParameters(field: string, limit: number, context: WordContext): Parameters {
  const semicolon = bareEnd(field, 0);
  const value = field.slice(0, semicolon).trim().toLowerCase();
  const params: Record<string, string> = {};
  if (semicolon === field.length) return { value, params, limited: false, duplicate: "", others: null };
  let others: Record<string, string> | null = null;
  const doubt = (name: string, other: string) => {
    others ??= {};
    others[name] = other;
  };
  const sections = new Map<string, Section[]>();
  let limited = false;
  let duplicate = "";
  let seen = 0;
  let at = semicolon + 1;
  while (at < field.length) {
    const equals = field.indexOf("=", at);
    const next = bareEnd(field, at);
    if (equals === -1) break;
    if (next < equals) {
      at = next + 1;
      continue;
    }
    if (seen++ === limit) {
      limited = true;
      break;
    }
    const name = field.slice(at, equals).trim().toLowerCase();
    let from = equals + 1;
    while (field.charCodeAt(from) === 32 || field.charCodeAt(from) === 9) from++;
    let text: string;
    const quoted = field.charCodeAt(from) === 34 ? quoteEnd(field, from) : -1;
    if (quoted !== -1) {
      text = inside(field.slice(from, quoted));
      at = bareEnd(field, quoted) + 1;
      if (name === "boundary") {
        if (field.slice(quoted, at - 1).trim() !== "") doubt(name, field.slice(from, at - 1).replaceAll('"', ""));
        else if (quoted - from !== text.length + 2) doubt(name, field.slice(from + 1, quoted - 1));
      }
    } else {
      const end = bareEnd(field, from);
      text = field.slice(from, end).trim();
      if (name === "boundary" && /[\s"]/.test(text)) doubt(name, text.startsWith('"') ? text : tokenOf(text));
      if (text.startsWith('"')) text = text.slice(1); // opened, never closed
      at = end + 1;
    }
    const star = name.indexOf("*");
    if (star > 0) {
      const base = name.slice(0, star);
      const section = { index: Number.parseInt(name.slice(star + 1), 10) || 0, encoded: name.endsWith("*"), text };
      const list = sections.get(base);
      if (list === undefined) sections.set(base, [section]);
      else list.push(section);
    } else if (name !== "" && name !== "__proto__") {
      if (Object.hasOwn(params, name)) {
        duplicate ||= name;
        doubt(name, name === "boundary" ? text : decodeWords(text, context));
      } else params[name] = name === "boundary" ? text : decodeWords(text, context); // RFC 2047, 5 forbids them here
    }
  }
  // RFC 2231 wins over a plain parameter of the same name, which is there for old readers.
  for (const [base, list] of sections) {
    if (base === "__proto__") continue;
    const plain = Object.hasOwn(params, base) ? params[base] : undefined;
    params[base] = joinSections(list);
    if (plain !== undefined) doubt(base, plain);
  }
  return { value, params, limited, duplicate, others };
}
