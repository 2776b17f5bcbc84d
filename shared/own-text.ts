// Texts that outlive their message. A piece of a text, and a text that was put together of pieces, keeps all of what it came
// from in memory: a host name in a cache the whole mail.

/** The same text on its own. Half a surrogate pair, which stands for no character, is replaced (U+FFFD). */
export function ownText(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}
