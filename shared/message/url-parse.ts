// A URL taken apart as a browser does it (WHATWG URL, 4.4), so that what a reader's click resolves to is what is
// looked up: backslashes, missing slashes, blanks and line ends inside are no obstacle.

import { Odd, parseHost } from "./url-host.ts";

/** Parts of a URL, normalised. */
export interface ParsedUrl {
  readonly url: string;
  readonly scheme: string;
  readonly user: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
  /** Bits of `Odd`. */
  readonly odd: number;
}

/** Schemes that lead to a host, with the port that they use unsaid; 0 when they have none. */
const ports = new Map([
  ["http", 80],
  ["https", 443],
  ["ftp", 21],
  ["ftps", 990],
  ["sftp", 22],
  ["ssh", 22],
  ["ws", 80],
  ["wss", 443],
  ["gopher", 70],
  ["telnet", 23],
  ["nntp", 119],
  ["rtsp", 554],
  ["ldap", 389],
  ["ipfs", 0],
  ["smb", 445],
  ["file", 0],
]);

/** Schemes whose slashes browsers supply and turn round (WHATWG URL, 3.1, "special scheme"). */
const special: ReadonlySet<string> = new Set(["http", "https", "ftp", "ws", "wss", "file"]);

/** The scheme that a word stands for: "http" for "HTTP" and for "hxxp"; "" when it is none that leads to a host. */
export function schemeOf(word: string): string {
  const name = word.toLowerCase();
  if (ports.has(name)) return name;
  return name === "hxxp" || name === "hxxps" || name === "fxp" ? name.replace("xx", "tt").replace("fxp", "ftp") : "";
}

/** Takes a URL with a scheme apart; null when it leads to no host or nobody can resolve it. */
export function parseUrl(written: string): ParsedUrl | null {
  let odd = 0;
  let text = written;
  if (/[\t\n\r]/.test(text)) {
    // Browsers drop them wherever they stand; only in front of the path do they hide where it leads.
    const head = /^[^:]*:[/\\\s]*[^/?#\\]*/.exec(text)?.[0] ?? "";
    if (/[\t\n\r]/.test(head.trim())) odd |= Odd.obfuscated;
    text = text.replace(/[\t\n\r]+/g, "");
  }
  const colon = text.indexOf(":");
  if (colon < 1 || colon > 10) return null;
  const word = text.slice(0, colon);
  const scheme = schemeOf(word);
  if (scheme === "") return null;
  if (word !== scheme && word.toLowerCase() !== scheme) odd |= Odd.obfuscated;
  const turns = special.has(scheme);
  let at = colon + 1;
  while (isSlash(text.charCodeAt(at), turns)) at++;
  if (!text.startsWith("//", colon + 1)) {
    if (!turns) return null;
    odd |= Odd.obfuscated;
  } else if (at !== colon + 3 && scheme !== "file") odd |= Odd.obfuscated;
  if (scheme === "file" && at > colon + 3) at = colon + 3;

  const end = authorityEnd(text, at, turns);
  const authority = text.slice(at, end);
  const mark = authority.lastIndexOf("@");
  const user = mark < 0 ? "" : authority.slice(0, mark);
  if (mark >= 0) odd |= Odd.user;
  const place = mark < 0 ? authority : authority.slice(mark + 1);
  const usual = ports.get(scheme) ?? 0;
  const portAt = portStart(place);
  const port = portAt < 0 || portAt === place.length ? usual : parsePort(place.slice(portAt));
  if (Number.isNaN(port)) return null;
  const name = portAt < 0 ? place : place.slice(0, portAt - 1);
  const host = name === "" && scheme === "file" ? { host: "", odd: 0 } : parseHost(name);
  if (host === null) return null;
  odd |= host.odd;

  const hash = text.indexOf("#", end);
  const beforeHash = hash < 0 ? text.length : hash;
  const questionMark = text.indexOf("?", end);
  const pathEnd = questionMark < 0 || questionMark > beforeHash ? beforeHash : questionMark;
  let path = text.slice(end, pathEnd);
  if (turns && path.includes("\\")) {
    // Farther behind it is only a slip; here it hides where the host ends.
    if (path.charCodeAt(0) === 92) odd |= Odd.obfuscated;
    path = path.replaceAll("\\", "/");
  }
  if (path === "") path = "/";
  const query = pathEnd < beforeHash ? text.slice(pathEnd + 1, beforeHash) : "";
  const fragment = hash < 0 ? "" : text.slice(hash + 1);
  const shownHost = host.host.includes(":") ? `[${host.host}]` : host.host;
  const url =
    `${scheme}://${mark < 0 ? "" : `${user}@`}${shownHost}${port === usual ? "" : `:${port}`}${path}` +
    (pathEnd < beforeHash ? `?${query}` : "") +
    (hash < 0 ? "" : `#${fragment}`);
  return { url, scheme, user, host: host.host, port, path, query, fragment, odd };
}

function authorityEnd(text: string, start: number, turns: boolean): number {
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 47 || c === 63 || c === 35 || (c === 92 && turns)) return i;
  }
  return text.length;
}

/** Index behind the colon in front of the port, or -1. The colons of an IPv6 address stand in brackets. */
function portStart(place: string): number {
  const colon = place.lastIndexOf(":");
  return colon < 0 || place.indexOf("]", colon) >= 0 ? -1 : colon + 1;
}

function parsePort(digits: string): number {
  const port = /^\d{1,10}$/.test(digits) ? Number.parseInt(digits, 10) : Number.NaN;
  return port <= 65_535 ? port : Number.NaN;
}

function isSlash(c: number, turns: boolean): boolean {
  return c === 47 || (c === 92 && turns);
}
