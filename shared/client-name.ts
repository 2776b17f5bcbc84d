// The reverse name of an SMTP client as mail servers present it.

/**
 * `name` as it is; "" where the server looked and found none that holds: it says "unknown" then (Postfix), or gives the
 * address in brackets (Sendmail). Undefined where it says nothing.
 */
export function clientName(name: string | undefined): string | undefined {
  if (name === undefined || name === "") return undefined;
  return name.toLowerCase() === "unknown" || name.startsWith("[") ? "" : name;
}
