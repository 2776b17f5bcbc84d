// All URLs and addresses of a message: from its texts, from the links, images and forms of its HTML, from its subject.

import type { Email, FlawKind, Html, Text, Url, UrlFlag, UrlOrigin } from "../task.ts";
import { asciiHost, isHostName, organisationalDomain } from "./domain.ts";
import type { Limits } from "./limits.ts";
import { type Finder, findUrls } from "./url-find.ts";
import { Odd } from "./url-host.ts";
import { type ParsedUrl, parseUrl } from "./url-parse.ts";
import { newWork, type Work } from "./url-work.ts";

export type UrlLimits = Pick<Limits, "urls" | "emails">;

export interface UrlSources {
  readonly texts: readonly Text[];
  readonly htmls: readonly Html[];
  /** Only URLs with a scheme or "www." are taken from it: readers do not click it, and names of firms are names. */
  readonly subject: string | null;
  /** Header fields to look through, decoded. Only URLs with a scheme or "www." are taken from them, no addresses. */
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  readonly limits: UrlLimits;
}

export interface UrlHarvest {
  /** Each normalised URL once, in the order of their first occurrence. */
  readonly urls: readonly Url[];
  readonly emails: readonly Email[];
  /** `limit-urls`, `limit-emails`. */
  readonly flaws: readonly FlawKind[];
}

/** Characters of a URL that are looked at; the rest is cut off and the URL flagged. */
export const longestUrl = 2_048;

/** A URL that may yet be found again. */
interface Draft {
  readonly parsed: ParsedUrl;
  readonly raw: string;
  readonly origin: UrlOrigin;
  readonly part: number;
  odd: number;
  count: number;
  text: string;
}

interface Harvest {
  readonly urls: Map<string, Draft>;
  readonly emails: Map<string, Email>;
  readonly flaws: Set<FlawKind>;
  readonly limits: UrlLimits;
  readonly work: Work;
}

/** Collects what a reader of the message can follow. Never throws. */
export function extractUrls(sources: UrlSources): UrlHarvest {
  const { texts, htmls, subject, headers = [], limits } = sources;
  const harvest = newHarvest(limits);
  for (const text of texts) {
    const shown = text.html ? anchorTexts(htmls, text.part) : null;
    scan(harvest, text.text, text.html ? "html" : "text", text.part, shown);
  }
  for (const html of htmls) addHtml(harvest, html);
  if (subject !== null && subject !== "") scan(harvest, subject, "subject", 0, null);
  for (const header of headers) scan(harvest, header.value, "header", 0, null);
  return {
    urls: Array.from(harvest.urls.values(), finish),
    emails: [...harvest.emails.values()],
    flaws: [...harvest.flaws],
  };
}

/** What a text leads to that is no text of the message: a code in a picture. */
export function urlsOfText(text: string, origin: UrlOrigin, part: number, limits: UrlLimits): readonly Url[] {
  const harvest = newHarvest(limits);
  scan(harvest, text, origin, part, null);
  return Array.from(harvest.urls.values(), finish);
}

/** What references lead to that stand in no page of the message: the links of a PDF file. */
export function urlsOfReferences(
  references: readonly string[],
  origin: UrlOrigin,
  part: number,
  limits: UrlLimits,
): readonly Url[] {
  const harvest = newHarvest(limits);
  for (const reference of references) addReference(harvest, reference, 0, origin, part, "");
  return Array.from(harvest.urls.values(), finish);
}

function newHarvest(limits: UrlLimits): Harvest {
  return { urls: new Map(), emails: new Map(), flaws: new Set(), limits, work: newWork() };
}

/** Texts of anchors that may themselves read as a URL: the reader who clicks goes where `href` says, not there. */
function anchorTexts(htmls: readonly Html[], part: number): ReadonlySet<string> | null {
  const shown = new Set<string>();
  for (const html of htmls) {
    if (html.part !== part) continue;
    for (const link of html.links) if (link.text.includes(".")) shown.add(link.text);
  }
  return shown.size === 0 ? null : shown;
}

function scan(
  harvest: Harvest,
  text: string,
  origin: UrlOrigin,
  part: number,
  shown: ReadonlySet<string> | null,
): void {
  const finder: Finder = {
    url(written, start, end, schemeless) {
      const raw = text.slice(start, end);
      if (shown?.has(raw) === true) return;
      add(harvest, written, raw, schemeless ? Odd.schemeless : 0, origin, part, "");
    },
    email(user, host) {
      if (origin !== "header") addEmail(harvest, user, host, origin, part);
    },
  };
  findUrls(text, origin !== "header" && origin !== "subject", finder, harvest.work);
  if (harvest.work.left <= 0) harvest.flaws.add("limit-urls");
}

function addHtml(harvest: Harvest, html: Html): void {
  const { part } = html;
  for (const link of html.links) addReference(harvest, link.href, 0, "html", part, link.text);
  for (const action of html.forms) addReference(harvest, action, 0, "html", part, "");
  addReference(harvest, html.refresh, 0, "html", part, "");
  for (const image of html.images) if (!image.embedded) addReference(harvest, image.src, Odd.image, "html", part, "");
}

/** What an attribute refers to. A relative reference leads nowhere, but readers add the scheme that was forgotten. */
function addReference(
  harvest: Harvest,
  reference: string,
  odd: number,
  origin: UrlOrigin,
  part: number,
  text: string,
): void {
  if (reference === "" || reference.charCodeAt(0) === 35) return;
  if (/^\s*mailto\s*:/i.test(reference)) {
    addMailto(harvest, reference, part);
    return;
  }
  if (/^[/\\]{2}/.test(reference)) {
    add(harvest, `http:${reference}`, reference, odd | Odd.schemeless, origin, part, text);
  } else if (/^www\./i.test(reference)) {
    add(harvest, `http://${reference}`, reference, odd | Odd.schemeless, origin, part, text);
  } else if (reference.includes(":")) add(harvest, reference, reference, odd, origin, part, text);
}

/** Addresses of a mailto link (RFC 6068, 2). */
function addMailto(harvest: Harvest, reference: string, part: number): void {
  const list = reference.slice(reference.indexOf(":") + 1).split("?", 1)[0] ?? "";
  for (const item of list.split(",", 100)) {
    const address = decodePercent(item).trim();
    const at = address.lastIndexOf("@");
    if (at > 0) addEmail(harvest, address.slice(0, at), address.slice(at + 1), "html", part);
  }
}

function add(
  harvest: Harvest,
  written: string,
  raw: string,
  odd: number,
  origin: UrlOrigin,
  part: number,
  text: string,
): void {
  // Once there are enough, only one that is known counts, and to find out costs as much as to add one.
  const full = harvest.urls.size >= harvest.limits.urls;
  if ((full && --harvest.work.left < 0) || (harvest.work.left <= 0 && /[\x80-\uffff]/.test(written))) {
    harvest.flaws.add("limit-urls");
    return;
  }
  const long = written.length > longestUrl;
  const parsed = parseUrl(long ? written.slice(0, longestUrl) : written);
  if (parsed === null) return;
  const bits = parsed.odd | odd | (long ? Odd.truncated : 0) | (origin === "subject" ? Odd.subject : 0);
  const known = harvest.urls.get(parsed.url);
  if (known !== undefined) {
    // What a text repeats is counted; subject and headers repeat what the text says.
    if (origin !== "subject" && origin !== "header") known.count++;
    // "image" and "schemeless" hold only while they hold for each occurrence.
    const only = Odd.image | Odd.schemeless;
    known.odd = ((known.odd | bits) & ~only) | (known.odd & bits & only);
    if (known.text === "") known.text = text;
    return;
  }
  if (harvest.urls.size >= harvest.limits.urls) {
    harvest.flaws.add("limit-urls");
    return;
  }
  harvest.urls.set(parsed.url, { parsed, raw, origin, part, odd: bits, count: 1, text });
}

function addEmail(harvest: Harvest, user: string, host: string, origin: UrlOrigin, part: number): void {
  const ascii = asciiHost(host);
  if (!isHostName(ascii)) return;
  const address = `${user}@${ascii}`;
  if (harvest.emails.has(address)) return;
  if (harvest.emails.size >= harvest.limits.emails) {
    harvest.flaws.add("limit-emails");
    return;
  }
  harvest.emails.set(address, { address, user, host: ascii, domain: organisationalDomain(ascii), origin, part });
}

const flagNames = Object.entries(Odd) as readonly (readonly [UrlFlag, number])[];
const noFlags: readonly UrlFlag[] = [];

function finish(draft: Draft): Url {
  const { parsed, raw, odd, origin, part, count, text } = draft;
  const { url, scheme, user, host, port, path, query, fragment } = parsed;
  return {
    url,
    raw: raw.length > longestUrl ? raw.slice(0, longestUrl) : raw,
    scheme,
    user,
    host,
    port,
    domain: (odd & Odd.numeric) !== 0 ? "" : organisationalDomain(host),
    path,
    query,
    fragment,
    origin,
    part,
    count,
    flags: odd === 0 ? noFlags : flagNames.filter(([, bit]) => (odd & bit) !== 0).map(([name]) => name),
    text,
  };
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
