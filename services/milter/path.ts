// The path and parameters of MAIL FROM and RCPT TO (RFC 5321, 4.1.1.2).

/** RFC 5321, 4.5.3.1.3 says 256; mail servers take longer ones, and an address that they took is looked at. */
const maxPath = 1024;

/** The address of a path, "" for the null path. Null when it is no address. */
export function addressOf(path: string): string | null {
  const trimmed = path.trim();
  const opened = trimmed.startsWith("<");
  if (opened !== trimmed.endsWith(">")) return null;
  const address = opened ? withoutRoute(trimmed.slice(1, -1)) : trimmed;
  if (address.length > maxPath || !isAddress(address)) return null;
  return address;
}

/** "@one,@two:user@host": a server must take source routes and should ignore them (RFC 5321, 4.1.1.3 and appendix C). */
function withoutRoute(address: string): string {
  if (!address.startsWith("@")) return address;
  return address.slice(address.indexOf(":") + 1);
}

/** Whether it can stand between angle brackets: no control character, and no bracket or blank outside quotes. */
export function isAddress(address: string): boolean {
  let quoted = false;
  for (let at = 0; at < address.length; at++) {
    const code = address.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return false;
    if (code === 0x22) quoted = !quoted;
    else if (quoted && code === 0x5c) at++;
    else if (!quoted && (code === 0x20 || code === 0x3c || code === 0x3e)) return false;
  }
  return !quoted;
}

/** "SIZE=1000" as { SIZE: "1000" }; a parameter without a value has "". */
export function argsOf(args: readonly string[]): Readonly<Record<string, string>> {
  // fromEntries defines its keys: one named __proto__ is a key as any other.
  return Object.fromEntries(
    args.map((arg) => {
      const equals = arg.indexOf("=");
      return equals < 0 ? [arg.toUpperCase(), ""] : [arg.slice(0, equals).toUpperCase(), arg.slice(equals + 1)];
    }),
  );
}
