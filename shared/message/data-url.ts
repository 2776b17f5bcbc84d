// Files that lie in a page as "data:" URLs (RFC 2397): pictures that a reader sees and no part holds.

/** Files of one page that are decoded. */
export const maxDataFiles = 50;

/** Media type, parameters and "base64" (3); then the data. */
const form = /^data:([a-z0-9.+-]{1,40}\/[a-z0-9.+-]{1,80})?((?:;[^;,]{0,100}){0,10}),/i;

export interface DataFile {
  /** Lower case; that of RFC 2397 where none is named. */
  readonly type: string;
  readonly content: Buffer;
}

function unescapePercent(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The file that a URL holds; null for another URL, or one that is empty. */
export function decodeDataUrl(url: string): DataFile | null {
  const [head, type = "text/plain", parameters = ""] = form.exec(url.slice(0, 2000)) ?? [];
  if (head === undefined) return null;
  const written = url.slice(head.length);
  const text = written.includes("%") ? unescapePercent(written) : written;
  const content = Buffer.from(text, /;\s*base64\s*$/i.test(parameters) ? "base64" : "latin1");
  return content.length === 0 ? null : { type: type.toLowerCase(), content };
}
