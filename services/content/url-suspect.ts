// What is wrong with a URL by itself: the set of symbols that begin with URL_ (R 3.9).

import { type Context, defineCheck } from "../../shared/check.ts";
import { integer, section } from "../../shared/config/schema.ts";
import { organisationalDomain } from "../../shared/message/domain.ts";
import { networksOf } from "../../shared/network.ts";
import type { Url } from "../../shared/task.ts";
import { domainSet } from "./domain-set.ts";

export const urlSuspectConfig = {
  url_suspect: section("URLs that are odd by themselves.", {
    user_long: integer(128, "Characters of a user part beyond which it is long.", { min: 1 }),
    user_very_long: integer(256, "Characters of a user part beyond which it is very long.", { min: 1 }),
    max_at_signs: integer(2, "At signs before the query beyond which there are too many.", { min: 1 }),
    max_host_dots: integer(6, "Dots of a host beyond which there are too many.", { min: 1 }),
    max_query_urls: integer(1, "URLs within the query of a URL beyond which there are too many.", { min: 0 }),
    // Registries that gave names away for nothing, and whose names are seldom anything else than spam.
    suspicious_tlds: domainSet("tk ml ga cf gq", "Top level domains that are seldom honest."),
  }),
};

const symbols = {
  URL_USER_PASSWORD: { score: 2, about: "A URL has a user part." },
  URL_USER_LONG: { score: 3, about: "A URL has a long user part." },
  URL_USER_VERY_LONG: { score: 5, about: "A URL has a very long user part." },
  URL_NUMERIC_IP: { score: 1.5, about: "The host of a URL is an IP address." },
  URL_NUMERIC_IP_USER: { score: 4, about: "The host of a URL is an IP address, and it has a user part." },
  URL_NUMERIC_PRIVATE_IP: { score: 0.5, about: "The host of a URL is an IP address of a private network." },
  URL_NO_TLD: { score: 2, about: "The host of a link has no known top level domain." },
  URL_SUSPICIOUS_TLD: { score: 3, about: "A URL has a top level domain that is seldom honest." },
  URL_BAD_UNICODE: { score: 3, about: "A URL has bytes that are no characters." },
  URL_HOMOGRAPH_ATTACK: { score: 5, about: "The host of a URL has letters that look like others." },
  URL_RTL_OVERRIDE: { score: 6, about: "A URL turns the direction of its characters." },
  URL_ZERO_WIDTH_SPACES: { score: 7, about: "A URL has invisible characters behind its host." },
  URL_MULTIPLE_AT_SIGNS: { score: 3, about: "A URL has many at signs." },
  URL_BACKSLASH_PATH: { score: 2, about: "A URL has backslashes where slashes belong." },
  URL_EXCESSIVE_DOTS: { score: 2, about: "The host of a URL has many dots." },
  URL_VERY_LONG: { score: 1.5, about: "A URL is longer than 2,048 characters." },
  URL_QUERY_MULTIPLE_URLS: { score: 2, about: "The query of a URL holds several URLs." },
};
type Config = { readonly url_suspect: (typeof urlSuspectConfig.url_suspect)["fallback"] };
type Ctx = Context<keyof typeof symbols, never, Config>;

/** RFC 1918, 3927, 4193, 4291 and loopback. */
const privateNetworks = networksOf(
  "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 127.0.0.0/8 fc00::/7 fe80::/10 ::1".split(" "),
);

function isPrivate(address: string): boolean {
  return !(privateNetworks instanceof Error) && privateNetworks.has(address);
}

/** How often a string stands in a text; the count ends behind `enough`. */
function countOf(text: string, wanted: string, enough: number): number {
  let count = 0;
  for (let at = text.indexOf(wanted); at !== -1 && count <= enough; at = text.indexOf(wanted, at + wanted.length))
    count++;
  return count;
}

function checkUser({ user, host }: Url, ctx: Ctx): void {
  const { user_long: long, user_very_long: veryLong } = ctx.config.url_suspect;
  const { length } = user;
  if (length > veryLong) ctx.hit("URL_USER_VERY_LONG", { options: [String(length)] });
  else if (length > long) ctx.hit("URL_USER_LONG", { options: [String(length)] });
  else ctx.hit("URL_USER_PASSWORD", { options: [host] });
}

function checkHost(url: Url, ctx: Ctx): void {
  const { flags, host, domain } = url;
  if (flags.includes("numeric")) {
    const withUser = flags.includes("user");
    ctx.hit(isPrivate(host) ? "URL_NUMERIC_PRIVATE_IP" : withUser ? "URL_NUMERIC_IP_USER" : "URL_NUMERIC_IP", {
      options: [host],
    });
    return;
  }
  const dot = host.lastIndexOf(".");
  const suffix = host.slice(dot + 1);
  // A name without a dot is somebody's own network; Tor has no registry (RFC 7686).
  if (domain === "" && dot > 0 && suffix !== "onion" && url.origin === "html" && isUnknown(host, suffix)) {
    ctx.hit("URL_NO_TLD", { options: [host] });
  }
  const { suspicious_tlds: tlds, max_host_dots: maxDots } = ctx.config.url_suspect;
  if (tlds.has(suffix)) ctx.hit("URL_SUSPICIOUS_TLD", { options: [suffix] });
  if (countOf(host, ".", maxDots) > maxDots) ctx.hit("URL_EXCESSIVE_DOTS", { options: [host] });
  if (flags.includes("confusable")) ctx.hit("URL_HOMOGRAPH_ATTACK", { options: [host] });
}

/** Names that are set aside (RFC 2606, RFC 6761, RFC 6762) lead nowhere and are no trick. */
const reserved = new Set([
  "example",
  "invalid",
  "local",
  "localhost",
  "test",
  "localdomain",
  "internal",
  "lan",
  "home",
]);

function isUnknown(host: string, suffix: string): boolean {
  if (reserved.has(suffix)) return false;
  // A public suffix itself (github.io) is no domain of somebody's, yet it has a top level domain.
  return organisationalDomain(`name.${host}`) === "";
}

function checkWriting(url: Url, ctx: Ctx): void {
  const { raw, host } = url;
  if (url.flags.includes("truncated")) ctx.hit("URL_VERY_LONG", { options: [host] });
  const mark = raw.indexOf("?");
  const front = mark < 0 ? raw : raw.slice(0, mark);
  const { max_at_signs: maxAt, max_query_urls: maxUrls } = ctx.config.url_suspect;
  if (countOf(front, "@", maxAt) > maxAt) ctx.hit("URL_MULTIPLE_AT_SIGNS", { options: [host] });
  if (url.origin === "html" && front.includes("\\")) ctx.hit("URL_BACKSLASH_PATH", { options: [host] });
  if (url.query.length > 8) {
    const query = url.query.toLowerCase();
    const found = countOf(query, "://", maxUrls) + countOf(query, "%3a%2f%2f", maxUrls);
    if (found > maxUrls) ctx.hit("URL_QUERY_MULTIPLE_URLS", { options: [host] });
  }
  if (!/[^\0-\x7f]/.test(raw)) return;
  if (raw.includes("\ufffd")) ctx.hit("URL_BAD_UNICODE", { options: [host] });
  if (/[\u202a-\u202e\u2066-\u2069]/.test(raw)) ctx.hit("URL_RTL_OVERRIDE", { options: [host] });
  if (invisibleBehindHost.test(raw)) ctx.hit("URL_ZERO_WIDTH_SPACES", { options: [host] });
}

const invisibleBehindHost = /^[^:/]{1,10}:\/\/[^/?#]{1,300}[/?#].*[\u00ad\u200b-\u200d\u2060\ufeff]/su;

export const urlSuspect = defineCheck({
  name: "URL_SUSPECT_CHECK",
  about: "Looks at what is odd about URLs by themselves.",
  stage: "filter",
  group: "url_suspect",
  reads: ["urls"],
  followsUrls: true,
  config: urlSuspectConfig,
  symbols,
  run(task, ctx) {
    for (const url of task.urls) {
      // A list's own header fields are for programs.
      if (url.origin === "header") continue;
      if (url.flags.includes("user")) checkUser(url, ctx);
      checkHost(url, ctx);
      checkWriting(url, ctx);
    }
  },
});
