// Records that were read before. A few providers stand in most of all records, and reading them is most of what SPF costs.

import { readTerms, type SpfRecord } from "./record.ts";

/** Records that are kept; when they are full all are dropped, and what is in use is soon back. */
const mostKept = 400;
/** Terms of a record that is kept: larger ones are rare, and no way to fill our memory. */
const mostTerms = 64;

const known = new Map<string, SpfRecord>();

/** Like `readTerms`. The text is the key, so what the DNS says is never older than its own time to live. */
export function knownRecord(terms: string): SpfRecord | Error {
  const found = known.get(terms);
  if (found !== undefined) return found;
  const record = readTerms(terms);
  if (record instanceof Error || record.directives.length > mostTerms || terms.length > 2048) return record;
  if (known.size >= mostKept) known.clear();
  known.set(terms, record);
  return record;
}
