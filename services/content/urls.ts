// Where URLs lead and how they are written: what is odd about them in this message.

import { domainToUnicode } from "node:url";
import { type Context, defineCheck } from "../../shared/check.ts";
import type { Structure, Url } from "../../shared/task.ts";
import { mixture } from "./scripts.ts";

const symbols = {
  R_SUSPICIOUS_URL: {
    score: 5,
    about: "A URL is written so that a reader's click resolves it and a program does not.",
  },
  ZERO_WIDTH_SPACE_URL: { score: 7, about: "The host of a URL has invisible characters." },
  R_MIXED_CHARSET_URL: { score: 7, about: "The host of a URL mixes alphabets within a word.", group: "headers" },
  URL_IN_SUBJECT: { score: 4, about: "The subject has a URL; in full when it is nothing else.", group: "subject" },
  URI_COUNT_ODD: { score: 1, about: "Text and HTML of one message do not have the same URLs: their count is odd." },
  HAS_FILE_URL: { score: 2, about: "A URL leads to a file share." },
  HAS_ONION_URI: { score: 0, about: "A URL leads to a hidden service of Tor." },
  HAS_IPFS_GATEWAY_URL: { score: 6, about: "A URL leads to a gateway of IPFS, whose content nobody can take down." },
  HAS_GOOGLE_FIREBASE_URL: { score: 2, about: "A URL leads to a file in Google Firebase." },
  HAS_GOOGLE_REDIR: { score: 1, about: "A URL uses Google to lead elsewhere." },
  HAS_GUC_PROXY_URI: { score: 1, about: "A URL uses the image proxy of googleusercontent.com." },
  HAS_WP_URI: { score: 0, about: "A URL leads into WordPress.", group: "compromised_hosts" },
  WP_COMPROMISED: {
    score: 0,
    about: "A URL leads to a page among the files of WordPress.",
    group: "compromised_hosts",
  },
  URI_HIDDEN_PATH: { score: 1, about: "A URL has a hidden folder in its path.", group: "compromised_hosts" },
};
type Ctx = Context<keyof typeof symbols, never, unknown>;

const google = /^(?:[a-z0-9-]+\.)*google\.(?:com|[a-z]{2}|co\.[a-z]{2}|com\.[a-z]{2})$/;
/** Version 3 addresses (58 characters with the dot) and the old ones of version 2. */
const onion = /(?:^|\.)(?:[a-z2-7]{16}|[a-z2-7]{56})\.onion$/;
/** Content identifiers of version 0 and 1. */
const ipfsPath = /\/ip[fn]s\/(?:Qm[1-9A-HJ-NP-Za-km-z]{44}|[bkz][a-z0-9]{45,})/;
const ipfsHost = /^(?:qm[1-9a-z]{44}|[bk][a-z0-9]{45,})\./;

/** Folders of WordPress that hold pictures, styles and code, and no pages. */
const wordPressFile = /\/wp-(?:content|includes)\//;
const wordPressAsset = /\.(?:gif|jpe?g|png|svg|webp|css|js|ico|pdf|woff2?|mp[34])$/i;

/** Symbols that one look at a URL decides. */
const places: readonly (readonly [keyof typeof symbols, (url: Url) => boolean])[] = [
  ["HAS_FILE_URL", ({ scheme }) => scheme === "file" || scheme === "smb"],
  ["HAS_ONION_URI", ({ host }) => host.endsWith(".onion") && onion.test(host)],
  [
    "HAS_IPFS_GATEWAY_URL",
    ({ host, path, scheme }) =>
      scheme === "ipfs" || (path.length > 46 && ipfsPath.test(path)) || (host.length > 46 && ipfsHost.test(host)),
  ],
  ["HAS_GOOGLE_FIREBASE_URL", ({ host }) => host.endsWith("firebasestorage.googleapis.com")],
  [
    "HAS_GOOGLE_REDIR",
    ({ host, path, query }) => google.test(host) && ((path === "/url" && query !== "") || path.startsWith("/amp/s/")),
  ],
  [
    "HAS_GUC_PROXY_URI",
    ({ domain, host, path }) =>
      (domain === "googleusercontent.com" || host.endsWith(".googleusercontent.com")) && path.includes("/proxy/"),
  ],
  ["HAS_WP_URI", ({ path }) => path.includes("/wp-") && /\/wp-[a-z]/.test(path)],
  ["WP_COMPROMISED", ({ path }) => path.includes("/wp-") && wordPressFile.test(path) && !wordPressAsset.test(path)],
  // RFC 8615 has the one hidden folder that is meant to be seen.
  ["URI_HIDDEN_PATH", ({ path }) => path.includes("/.") && /\/\.(?!well-known\/)[^./\s?]/.test(path)],
];

/** Written so that nobody clicks it by accident: "hxxp://example[.]org". Honest people do that. */
function isDefanged({ raw }: Url): boolean {
  return /^(?:hxx|fxp)/i.test(raw) || /[[({](?:\.|dot)[\])}]/i.test(raw.slice(0, 300));
}

/** Characters of a label (RFC 1035, 2.3.4). */
const longestLabel = 63;
const invisibleInHost = /^(?:[a-z]{2,10}:\/\/)?[^/?#]*[\u00ad\u200b-\u200d\u2060\ufeff]/i;

function checkWriting(url: Url, ctx: Ctx): void {
  const { flags, host, raw } = url;
  const strange = flags.includes("obfuscated") || flags.includes("punycode") || flags.includes("confusable");
  if (!strange) return;
  const options = [host];
  if (invisibleInHost.test(raw)) ctx.hit("ZERO_WIDTH_SPACE_URL", { options });
  else if (flags.includes("obfuscated") && !isDefanged(url) && !raw.slice(0, 300).includes("\\")) {
    ctx.hit("R_SUSPICIOUS_URL", { options });
  }
  if (!host.includes("xn--")) return;
  const shown = domainToUnicode(host);
  if (shown.split(".").some((label) => mixture(label, longestLabel, 1) > 0))
    ctx.hit("R_MIXED_CHARSET_URL", { options });
}

/** A subject that is a URL is spam of one line; one that mentions a site by name may be anything. */
function checkSubject(subject: string, url: Url, ctx: Ctx): void {
  const text = subject.trim();
  const factor = text === url.raw || text === url.url ? 1 : /\bhttps?:\/\//i.test(text) ? 0.25 : 0.1;
  ctx.hit("URL_IN_SUBJECT", { factor, options: [url.host] });
}

/** Whoever writes a text and its HTML form has each link in both (R 3.9). Pictures are in one of them only, and what lists
 *  add behind the last part is in neither. */
function checkCount({ parts }: Structure, urls: readonly Url[], ctx: Ctx): void {
  if (parts[0]?.type !== "multipart/alternative") return;
  let inText = 0;
  let inHtml = 0;
  for (const { origin, flags, count, part } of urls) {
    if (flags.includes("image") || parts[part]?.reading !== undefined) continue;
    if (origin === "text") inText += count;
    else if (origin === "html") inHtml += count;
  }
  if (inText > 0 && (inText + inHtml) % 2 === 1) ctx.hit("URI_COUNT_ODD", { options: [String(inText + inHtml)] });
}

export const urls = defineCheck({
  name: "CHECK_URLS",
  about: "Looks at where URLs lead and how they are written.",
  stage: "filter",
  group: "url",
  reads: ["headers", "structure", "urls"],
  followsUrls: true,
  symbols,
  run(task, ctx) {
    const { urls } = task;
    for (const url of urls) {
      if (url.origin === "header") continue;
      if (url.flags.length > 0) {
        checkWriting(url, ctx);
        if (url.flags.includes("subject")) checkSubject(task.headers.subject ?? "", url, ctx);
      }
      for (const [symbol, leads] of places) if (leads(url)) ctx.hit(symbol, { options: [url.host] });
    }
    if (urls.length > 0) checkCount(task.structure, urls, ctx);
  },
});
