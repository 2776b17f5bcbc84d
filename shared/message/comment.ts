// Comments and quoted strings of structured fields (RFC 5322, 3.2.2 and 3.2.4).

/** End of the quoted string that opens at `start`: position behind the closing quote, or -1 without one. */
export function quoteEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 34) return at + 1;
  }
  return -1;
}

/**
 * End of the comment that opens at `start`: position behind its closing bracket, or -1 without one. Beyond `depth`
 * comments within each other `deep` is called and the nearest bracket ends the comment.
 */
export function commentEnd(text: string, start: number, depth: number, deep: () => void): number {
  let open = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 92) at++;
    else if (code === 40) {
      if (++open > depth) {
        deep();
        const close = text.indexOf(")", at);
        return close === -1 ? -1 : close + 1;
      }
    } else if (code === 41 && --open === 0) return at + 1;
  }
  return -1;
}

/** Content of a quoted string or comment: without its delimiters, quoted pairs resolved. */
export function inside(delimited: string): string {
  const content = delimited.slice(1, -1);
  return content.includes("\\") ? content.replace(/\\([\s\S])/g, "$1") : content;
}

/** `text` without its comments. */
export function withoutComments(text: string, depth: number, deep: () => void): string {
  if (!text.includes("(")) return text;
  let out = "";
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      const end = quoteEnd(text, at);
      if (end === -1) break;
      at = end;
    } else if (code === 40) {
      const end = commentEnd(text, at, depth, deep);
      if (end === -1) break;
      out += `${text.slice(from, at)} `;
      at = from = end;
    } else at++;
  }
  return out + text.slice(from);
}
