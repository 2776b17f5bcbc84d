// Headers that delivery and storage add: a reported mail has them, the same mail had not when it was scanned. Verdicts of
// filters among them: to learn from those would be to learn one's own opinion.

import { ownText } from "../own-text.ts";

const added =
  /^(?:return-path|delivered-to|x-delivered-to|x-original-to|envelope-to|x-envelope-.*|received|received-spf|x-received|authentication-results|x-authentication-.*|arc-.*|x-spam.*|x-rspamd-.*|x-spamd-.*|x-sluice-.*|x-virus.*|x-amavis-.*|x-bogosity|x-dspam.*|x-crm114.*|x-quarantine.*|x-ms-exchange-organization-.*|x-microsoft-antispam.*|x-forefront-.*|x-(?:.*-)?mailscanner.*|x-barracuda-.*|x-ironport-.*|x-proofpoint-.*|x-antispam.*|x-os-fingerprint|x-stat-signature|dkim-filter|x-mimecast-spam-.*|x-sieve.*|x-mozilla-.*|x-evolution.*|x-gmail-labels|x-gm-.*|x-uid.*|x-keywords|x-status|status|content-length|lines|x-uidl|x-getmail-.*|x-fetchmail.*|>?from)$/;

/** Characters of a name that is looked at; a longer one is nobody's. */
const longestName = 100;
/** Names repeat from mail to mail. */
const known = new Map<string, boolean>();
const mostKnown = 2_000;

/** Whether a header with this name, in lower case, was added on the way or where the mail lies. */
export function isAdded(key: string): boolean {
  if (key.length > longestName) return false;
  let answer = known.get(key);
  if (answer === undefined) {
    answer = added.test(key);
    if (known.size < mostKnown) known.set(ownText(key), answer);
  }
  return answer;
}
