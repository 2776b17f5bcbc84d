// The rewritten subject of mail that is marked as spam.

const longest = 4_096;

/**
 * Fills a template: %s is the subject, %d the score with two decimals as Rspamd writes it, %f the same, %% a percent sign.
 * A message without a subject has an empty one. Answers with decoded text, cut at 4,096 characters.
 */
export function rewriteSubject(template: string, subject: string | null, score: number): string {
  const filled = template.replace(/%[sdf%]/g, (directive) => {
    switch (directive) {
      case "%s":
        return subject ?? "";
      case "%d":
      case "%f":
        return score.toFixed(2);
      default:
        return "%";
    }
  });
  return filled.slice(0, longest).toWellFormed().trim();
}
