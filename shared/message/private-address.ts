// Addresses that no client on the Internet has.

import { canonicalIp } from "./ip.ts";

/** Loopback, link-local and private networks (RFC 6890), in canonical form. */
const own =
  /^(?:0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|(?:::1?|f[cd][0-9a-f]{2}:.*|fe[89ab][0-9a-f]:.*)$)/;

/** Whether the text is an address of loopback or of a private network, with or without brackets. */
export function isPrivateAddress(text: string): boolean {
  const address = canonicalIp(text);
  return address !== "" && own.test(address);
}
