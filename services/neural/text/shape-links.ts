// What a mail links to: hosts as classes, never by name.

import type { Url } from "../../../shared/task.ts";
import { isAbusedCountry, isFreeHosting, isMailingService, isReference, isShortener, suffixKind } from "./hosts.ts";
import { climb, feature, ladder, type Marks, mark } from "./shape.ts";

const noLinks = feature("no links", -0.4);
const links = ladder("links", [
  [3, 0],
  [12, -0.5],
  [40, -0.4],
]);
const oneDomain = feature("all links to one domain", 0.2);
const manyDomains = feature("links to more than six domains", -0.3);
const ownDomain = feature("links to the author's domain", -0.2);
const otherDomains = feature("no link to the author's domain", 0.3);
const numericHost = feature("link to an IP address", 1.2);
const obfuscated = feature("link that is disguised", 0.8);
const withUser = feature("link with a user", 0.8);
const punycode = feature("link to an international host", 0.4);
const confusable = feature("link to a host of look-alike letters", 1);
const oddPort = feature("link to an odd port", 0.4);
const shortener = feature("link through a shortener", 0.6);
const freeHost = feature("link to free hosting", 0.5);
const mailingService = feature("link to a mailing service", -0.1);
const reference = feature("link to a place of reference", -0.5);
const wildSuffix = feature("link to a cheap suffix", 0.7);
const abusedCountry = feature("link to a country whose names are abused", 0.4);
const soundSuffix = feature("link to a sound suffix", -0.6);
const digitsHost = feature("link to a host with digits", 0.4);
const longHost = feature("link to a long host", 0.2);
const dashedHost = feature("link to a host with several dashes", 0.5);
const deepHost = feature("link to a host of many labels", 0.3);
const longPath = feature("link with a long path", 0.1);
const randomPath = feature("link with letters and digits in its path", 0.1);
const longQuery = feature("link with a long query", 0.1);
const bareHost = feature("link to a bare host", 0.3);
const toProgram = feature("link to a program or archive", 1.3);
const toScript = feature("link to a script of old kind", 0.2);
const sitePath = feature("link into somebody's site software", 1);
const addressInLink = feature("link that carries an address", 0.3);
const secure = feature("all links secure", 0);

const longestList = 60;

/** Of the links, whose author is of `domain`. */
export function markLinks(urls: readonly Url[], domain: string, marks: Marks): void {
  const shown = urls.filter(({ origin, flags }) => origin !== "header" && !flags.includes("image"));
  climb(marks, links, shown.length);
  if (shown.length === 0) {
    mark(marks, noLinks);
    return;
  }
  const domains = new Set<string>();
  const found = new Set<number>();
  let allSecure = true;
  for (const url of shown.slice(0, longestList)) {
    if (url.domain !== "") domains.add(url.domain);
    if (url.scheme !== "https") allSecure = false;
    lookAt(url, found);
  }
  for (const hash of found) mark(marks, hash);
  if (allSecure) mark(marks, secure);
  if (domains.size === 1) mark(marks, oneDomain);
  if (domains.size > 6) mark(marks, manyDomains);
  // What a mailing service counts may lead anywhere, to the author too.
  const known = [...domains].some((one) => one === domain || !isMailingService(one));
  if (domain !== "" && known) mark(marks, domains.has(domain) ? ownDomain : otherDomains);
}

function lookAt({ host, domain, port, path, query, user, flags }: Url, found: Set<number>): void {
  for (const flag of flags) {
    if (flag === "numeric") found.add(numericHost);
    else if (flag === "obfuscated") found.add(obfuscated);
    else if (flag === "punycode") found.add(punycode);
    else if (flag === "confusable") found.add(confusable);
  }
  if (user !== "") found.add(withUser);
  if (port !== 0 && port !== 80 && port !== 443) found.add(oddPort);
  if (isShortener(domain)) found.add(shortener);
  if (isMailingService(domain)) {
    // It counts clicks: its names say nothing of where the link leads, and are long and full of digits by nature.
    found.add(mailingService);
    return;
  }
  if (isReference(domain)) found.add(reference);
  if (isFreeHosting(domain, host)) found.add(freeHost);
  const kind = suffixKind(host);
  if (kind > 0) found.add(wildSuffix);
  else if (kind < 0) found.add(soundSuffix);
  if (isAbusedCountry(host)) found.add(abusedCountry);
  if (!flags.includes("numeric")) {
    const name = domain.slice(0, Math.max(0, domain.indexOf(".")));
    if (/\d/.test(name)) found.add(digitsHost);
    if (name.length > 16) found.add(longHost);
    if (/-.*-/.test(name)) found.add(dashedHost);
    if (/^(?:[^.]+\.){4,}/.test(host)) found.add(deepHost);
  }
  if (path.length > 60) found.add(longPath);
  if (path.length <= 1 && query === "") found.add(bareHost);
  if (/\/(?=[a-z]*\d)[a-z\d]{10,}(?:\/|$)/i.test(path)) found.add(randomPath);
  if (query.length > 60) found.add(longQuery);
  if (/\.(?:exe|scr|zip|rar|iso|msi|hta|js|vbs|jar|apk|cab)$/i.test(path)) found.add(toProgram);
  if (/\.(?:cgi|php|asp)$/i.test(path)) found.add(toScript);
  if (/\/(?:wp-(?:content|includes|admin)|components\/com_|administrator|\.well-known)\//i.test(path))
    found.add(sitePath);
  if (/@|%40/.test(query) || /@|%40/.test(path)) found.add(addressInLink);
}
