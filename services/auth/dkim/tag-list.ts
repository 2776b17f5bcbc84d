// Tag lists (RFC 6376, 3.2): "v=1; a=rsa-sha256; ...". Signatures and key records are written in them.

export interface Tag {
  /** Without the blanks around it; folds and blanks within stay. */
  readonly value: string;
  /** Where the value stands in the text, with the blanks around it: behind "=", before ";". */
  readonly start: number;
  readonly end: number;
}

export type TagList = ReadonlyMap<string, Tag>;

/** Tags of one list: a signature has 17 by its specification. */
const mostTags = 64;

/** Reads a tag list. A text is why it is none. */
export function parseTags(text: string): TagList | string {
  const tags = new Map<string, Tag>();
  for (let at = 0; at <= text.length; ) {
    const semicolon = text.indexOf(";", at);
    const end = semicolon === -1 ? text.length : semicolon;
    const equals = text.indexOf("=", at);
    if (equals === -1 || equals >= end) {
      // Only behind the last semicolon may be nothing.
      if (semicolon === -1 && isBlank(text, at, end)) break;
      return "a tag without a value";
    }
    const name = trimBlanks(text, at, equals);
    if (!isTagName(name)) return "a tag without a name";
    if (tags.has(name)) return `two tags ${name.slice(0, 16)}`;
    if (tags.size === mostTags) return `more than ${mostTags} tags`;
    tags.set(name, { value: trimBlanks(text, equals + 1, end), start: equals + 1, end });
    at = end + 1;
  }
  return tags;
}

/** RFC 6376, 3.2: a letter, then letters, digits and "_". Case counts. */
function isTagName(name: string): boolean {
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
    if (!isLetter && (at === 0 || (code !== 95 && !(code >= 48 && code <= 57)))) return false;
  }
  return name !== "";
}

/** The value without any blanks and folds: of base64, and of lists (RFC 6376, 2.10 and 3.2). */
export function withoutBlanks(value: string): string {
  return /[ \t\r\n]/.test(value) ? value.replace(/[ \t\r\n]+/g, "") : value;
}

/** Blanks of a fold (RFC 6376, 2.8): space, tab and line ends, and no others. */
function isBlankCode(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 10;
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isBlankCode(text.charCodeAt(at))) return false;
  return true;
}

function trimBlanks(text: string, start: number, end: number): string {
  while (start < end && isBlankCode(text.charCodeAt(start))) start++;
  while (end > start && isBlankCode(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}
