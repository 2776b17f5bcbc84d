// One entry of a map: a key, and a value that says more about it; "" when it has none.

import { asciiHost, isHostName } from "../message/domain.ts";
import { readNetwork } from "../network.ts";

export type Entry = readonly [key: string, value: string];

/** What the keys of a map are. */
export type MapKind = "domains" | "addresses" | "networks";

/** The key in the form in which it is looked up, or what is wrong with it. */
export const keyReaders: Readonly<Record<MapKind, (text: string) => string | Error>> = {
  domains: readDomain,
  addresses: readAddressKey,
  networks: (text) => {
    // What is wrong is said with the text, which may be of any length.
    const network = readNetwork(text.length > longestNetwork ? text.slice(0, longestNetwork) : text);
    return network instanceof Error ? network : text;
  },
};

/** Characters, with more than any network has. */
const longestNetwork = 80;

/** "example.org", also written "@example.org", ".example.org" or "*.example.org". */
function readDomain(text: string): string | Error {
  const domain = asciiHost(text.replace(/^(?:@|\*?\.)/, ""));
  return isHostName(domain) ? domain : new Error(`"${text.slice(0, 80)}" is no domain`);
}

/** "user@example.org", "@example.org" for everybody there, "user" for a user of any domain. */
function readAddressKey(text: string): string | Error {
  const at = text.lastIndexOf("@");
  if (at === -1) return /^[^\s<>]{1,64}$/.test(text) ? text.toLowerCase() : bad(text);
  const host = asciiHost(text.slice(at + 1));
  const user = text.slice(0, at).toLowerCase();
  return isHostName(host) && !/[\s<>]/.test(user) && user.length <= 64 ? `${user}@${host}` : bad(text);
}

function bad(text: string): Error {
  return new Error(`"${text.slice(0, 80)}" is no address`);
}
