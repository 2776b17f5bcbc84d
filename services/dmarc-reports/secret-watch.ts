// Finds secrets in what a server says: some quote what they do not understand, and answers go to logs.

/** Characters in a row that count as a quote: what is quoted may be cut short, or in capitals. */
const piece = 8;

export type SecretWatch = (text: string) => boolean;

/** Answers whether a text holds one of these, or a piece of one. */
export function watchSecrets(secrets: readonly string[]): SecretWatch {
  const pieces = new Map<number, Set<string>>();
  for (const secret of secrets.map((one) => one.toLowerCase())) {
    const size = Math.min(piece, secret.length);
    if (size === 0) continue;
    const known = pieces.get(size) ?? new Set();
    for (let at = 0; at + size <= secret.length; at++) known.add(secret.slice(at, at + size));
    pieces.set(size, known);
  }
  return (text) => {
    const lower = text.toLowerCase();
    for (const [size, known] of pieces) {
      for (let at = 0; at + size <= lower.length; at++) if (known.has(lower.slice(at, at + size))) return true;
    }
    return false;
  };
}
