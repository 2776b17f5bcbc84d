// Links that show one place and lead to another (R 3.9).

import { type Context, defineCheck } from "../../shared/check.ts";
import { list, section, text } from "../../shared/config/schema.ts";
import { skeleton } from "../../shared/message/confusable.ts";
import { organisationalDomain } from "../../shared/message/domain.ts";
import { type ParsedUrl, parseUrl } from "../../shared/message/url-parse.ts";
import { domainSet, hasHost } from "./domain-set.ts";
import { redirectorConfig } from "./redirectors.ts";
import { editDistance } from "./word-distance.ts";

const feed = (about: string) => list(text("", "A URL."), [], about);

export const phishingConfig = {
  phishing: section("Links that show one place and lead to another.", {
    exception_domains: domainSet("", "Domains, shown or led to, that are no phishing."),
    protected_domains: domainSet("", "Domains that nobody may show falsely: STRICT_PHISHING instead of PHISHING."),
    openphish: feed("URLs of OpenPhish; a local copy of the list."),
    phishtank: feed("URLs of PhishTank; a local copy of the list."),
    generic_service: feed("URLs of any other list."),
    feed_exclusions: domainSet("", "Domains that the lists above are not asked for."),
  }),
};

const config = { ...phishingConfig, ...redirectorConfig };
const symbols = {
  PHISHING: { score: 4, about: "A link shows another domain than it leads to; weighed by how alike they are." },
  STRICT_PHISHING: { score: 7, about: "A link shows, or leads to, a domain of protected_domains, and not both." },
  PHISHED_WHITELISTED: { score: 0, about: "A link shows another domain than it leads to, and is an exception." },
  REDIRECTOR_FALSE: { score: 0, about: "A link shows another domain than it leads to: that of a redirector." },
  OMOGRAPH_URL: { score: 5, about: "A link shows a domain that looks like the one it leads to.", group: "url" },
  HTTP_TO_HTTPS: { score: 0.5, about: "A link shows https and leads to http.", group: "html" },
  HTTP_TO_IP: { score: 1, about: "A link of an HTML page leads to an IP address.", group: "html" },
  PHISHED_OPENPHISH: { score: 7, about: "A URL is listed by OpenPhish." },
  PHISHED_PHISHTANK: { score: 7, about: "A URL is listed by PhishTank; 0.3 when only host and path are." },
  PHISHED_GENERIC_SERVICE: { score: 0, about: "A URL is in the operator's list." },
  PHISHED_EXCLUDED: { score: 0, about: "A URL is listed, and its domain is excluded from the lists." },
};
type Ctx = Context<
  keyof typeof symbols,
  never,
  { readonly [K in keyof typeof config]: (typeof config)[K]["fallback"] }
>;

/** Links of a message that are compared. */
const mostLinks = 1_000;
/** Different pairs of domains that are measured. */
const mostPairs = 100;

/** A name that stands alone claims to be a place; with words behind it, it is the name of somebody ("Example.org News"). */
const shownUrl =
  /^(?:(?:[a-z]{3,5}:\/\/|www\.)(?:[\p{L}\p{N}_-]{1,63}\.){0,10}[\p{L}\p{N}-]{2,63}(?=$|[/:?#\s])|(?:[\p{L}\p{N}_-]{1,63}\.){1,10}[\p{L}\p{N}-]{2,63}(?:[/:?#]\S*)?\s*$)/iu;

/** The place that a link's text shows when it begins with a URL, or is a host name. */
function placeShown(text: string): ParsedUrl | null {
  const start = text.trimStart().slice(0, 2_048);
  if (!shownUrl.test(start)) return null;
  const written = /^\S+/.exec(start)?.[0] ?? "";
  return parseUrl(/^[a-z]{3,5}:\/\//i.test(written) ? written : `http://${written}`);
}

/** Weight of a pair of domains by the first label of each (R 3.9). */
export function phishingWeight(shown: string, real: string): number {
  if (skeleton(shown) === skeleton(real)) return 1;
  const one = shown.slice(0, shown.indexOf("."));
  const other = real.slice(0, real.indexOf("."));
  const distance = (2 * editDistance(one, other)) / (one.length + other.length);
  if (distance === 0) return 0;
  if (distance <= 0.3) return 1;
  if (distance <= 1) return Math.tanh(3 * (1.1 - distance));
  return one.startsWith("xn--") === other.startsWith("xn--") ? 0.5 : 1;
}

interface Pair {
  readonly shown: ParsedUrl;
  readonly real: ParsedUrl;
  readonly shownDomain: string;
  readonly realDomain: string;
}

function weigh({ shown, real, shownDomain, realDomain }: Pair, ctx: Ctx): void {
  const { exception_domains: exceptions, protected_domains: strict } = ctx.config.phishing;
  const options = [`${shownDomain}->${realDomain}`];
  if (hasHost(exceptions, real.host) || hasHost(exceptions, shown.host)) {
    ctx.hit("PHISHED_WHITELISTED", { options });
    return;
  }
  if (hasHost(strict, shown.host) || hasHost(strict, real.host)) {
    ctx.hit("STRICT_PHISHING", { options });
    return;
  }
  if (hasHost(ctx.config.url_redirector.redirector_hosts, real.host)) {
    ctx.hit("REDIRECTOR_FALSE", { options });
    return;
  }
  if (skeleton(shownDomain) === skeleton(realDomain)) ctx.hit("OMOGRAPH_URL", { options });
  const factor = phishingWeight(shownDomain, realDomain);
  if (factor > 0) ctx.hit("PHISHING", { factor, options });
}

function isAddress(host: string): boolean {
  return /^[\d.]+$|:/.test(host);
}

/** How a link to an address begins: all its forms (WHATWG URL, 3.5) start with a digit or a bracket. */
const perhapsAddress = /^\s{0,8}https?:[/\\]{0,8}(?:[^/?#@\s]{0,256}@)?[\d[%]/i;

function checkAddress(href: string, ctx: Ctx): void {
  if (!perhapsAddress.test(href)) return;
  const real = parseUrl(href);
  if (real !== null && isAddress(real.host)) ctx.hit("HTTP_TO_IP", { options: [real.host] });
}

function checkLink(href: string, text: string, seen: Set<string>, ctx: Ctx): void {
  const shown = placeShown(text);
  if (shown === null) return;
  const real = parseUrl(href);
  if (real === null) return;
  // Old texts show http where their links have long led to https: only the other way round is a promise broken.
  if (real.scheme === "http" && /^\s*https:/i.test(text)) ctx.hit("HTTP_TO_HTTPS", { options: [real.host] });
  const shownDomain = organisationalDomain(shown.host);
  if (shownDomain === "" || isAddress(real.host)) return;
  const realDomain = organisationalDomain(real.host);
  if (realDomain === "" || shownDomain === realDomain) return;
  const key = `${shownDomain} ${realDomain}`;
  if (seen.has(key) || seen.size >= mostPairs) return;
  seen.add(key);
  weigh({ shown, real, shownDomain, realDomain }, ctx);
}

/** Lists by identity: a changed configuration is a new one. */
const listed = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The URLs of a list as analysis writes them, and once more without their query. */
function entriesOf(urls: readonly string[]): ReadonlySet<string> {
  let set = listed.get(urls);
  if (set === undefined) {
    const all = urls.map((url) => parseUrl(url)?.url ?? url);
    set = new Set([...all, ...all.map((url) => `*${url.replace(/[?#].*$/s, "")}`)]);
    listed.set(urls, set);
  }
  return set;
}

const feeds = [
  ["openphish", "PHISHED_OPENPHISH"],
  ["phishtank", "PHISHED_PHISHTANK"],
  ["generic_service", "PHISHED_GENERIC_SERVICE"],
] as const;

export const phishing = defineCheck({
  name: "PHISHING_CHECK",
  about: "Looks for links that show one place and lead to another, and for URLs of phishing lists.",
  stage: "filter",
  group: "phishing",
  reads: ["html", "urls"],
  followsUrls: true,
  config,
  symbols,
  run(task, ctx) {
    const seen = new Set<string>();
    for (const page of task.html) {
      for (const { href, text } of page.links.slice(0, mostLinks)) {
        checkAddress(href, ctx);
        if (text.includes(".")) checkLink(href, text, seen, ctx);
      }
    }
    for (const [key, symbol] of feeds) {
      if (ctx.config.phishing[key].length === 0) continue;
      const entries = entriesOf(ctx.config.phishing[key]);
      for (const { url, host } of task.urls) {
        const whole = entries.has(url);
        if (!whole && !(key === "phishtank" && entries.has(`*${url.replace(/[?#].*$/s, "")}`))) continue;
        const options = [host];
        if (hasHost(ctx.config.phishing.feed_exclusions, host)) ctx.hit("PHISHED_EXCLUDED", { options });
        else ctx.hit(symbol, { factor: whole ? 1 : 0.3, options });
      }
    }
  },
});
