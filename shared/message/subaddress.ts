// Tags within an address (RFC 5233): "bob+news@example.org" is a mailbox of bob's.

/** An address in lower case and without its tag: that is the recipient's own affair, and says nothing about whose it is. */
export function withoutTag(address: string): string {
  const at = address.lastIndexOf("@");
  const tag = address.indexOf("+");
  const bare = tag === -1 || tag > at ? address : address.slice(0, tag) + address.slice(at);
  return bare.toLowerCase();
}
