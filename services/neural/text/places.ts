// What names one place: addresses, hosts, mailers, and the letters of the first words. A model that ships must not know such
// things; one that learns here may.

import type { Facts, Headers } from "../../../shared/task.ts";
import { addUnit, nameHash, spread, wordSeed } from "./hash.ts";
import { plain } from "./letters.ts";
import type { TermSet } from "./term-set.ts";

const author = nameHash("#author");
const authorDomain = nameHash("#author's domain");
const authorName = nameHash("#author's name");
const replyDomain = nameHash("#answers to");
const recipient = nameHash("#recipient");
const link = nameHash("#link to");
const file = nameHash("#file type");
const fields: ReadonlyMap<string, number> = new Map(
  ["x-mailer", "user-agent", "list-id", "content-type", "precedence", "organization"].map((key) => [
    key,
    nameHash(`#field ${key}`),
  ]),
);

/** Units of a value that are looked at. */
const longest = 80;
const mostRecipients = 3;
const mostLinks = 40;
const mostFiles = 10;

/** Hash of a kind and a value, in small letters. */
function named(kind: number, value: string): number {
  let hash = kind;
  const end = Math.min(value.length, longest);
  for (let at = 0; at < end; at++) {
    const unit = value.charCodeAt(at);
    hash = addUnit(hash, plain[unit] || unit);
  }
  return spread(hash);
}

export function addPlaces(
  { headers, urls, structure }: Pick<Facts, "headers" | "urls" | "structure">,
  terms: TermSet,
): void {
  addHeaders(headers, terms);
  for (const { domain, host } of urls.slice(0, mostLinks)) terms.add(named(link, domain || host));
  for (const { type, filename } of structure.parts.slice(1, mostFiles)) {
    terms.add(named(file, type));
    if (filename !== "") terms.add(named(file, filename.slice(filename.lastIndexOf("."))));
  }
}

function addHeaders({ from, replyTo, to, fields: all }: Headers, terms: TermSet): void {
  const [writer] = from;
  if (writer !== undefined) {
    terms.add(named(author, writer.address));
    terms.add(named(authorDomain, writer.domain));
    terms.add(named(authorName, writer.name));
  }
  const [reply] = replyTo;
  if (reply !== undefined) terms.add(named(replyDomain, reply.domain));
  for (const one of to.slice(0, mostRecipients)) terms.add(named(recipient, one.address));
  for (const { key, value } of all) {
    const kind = fields.get(key);
    if (kind !== undefined) terms.add(named(kind, value));
  }
}

/** Bytes of a run, and units of the text in which they are looked for. */
const run = 4;
const mostUnits = 200;

/** Runs of four units of a text, blanks taken together: what is misspelled on purpose still looks like itself. */
export function addRuns(text: string, terms: TermSet): void {
  const end = Math.min(text.length, mostUnits);
  const kept = [0, 0, 0, 0];
  let seen = 0;
  let before = 0;
  for (let at = 0; at < end; at++) {
    const code = text.charCodeAt(at);
    const unit = code <= 0x20 ? 0x20 : plain[code] || code;
    if (unit === 0x20 && before === 0x20) continue;
    before = unit;
    kept[seen % run] = unit;
    seen++;
    if (seen < run) continue;
    let hash = wordSeed ^ run;
    for (let back = run; back > 0; back--) hash = addUnit(hash, kept[(seen - back) % run] ?? 0);
    terms.add(spread(hash));
  }
}
