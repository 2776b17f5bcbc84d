// The development mail and the examples as samples for the first model: features, and which group of mail each is of. Groups
// are what the model is tested between: mailing lists, publishers, folders.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Features, newFeatures, phrasesOf, readFeatures } from "../../services/neural/text/features.ts";
import { nameHash, pair } from "../../services/neural/text/hash.ts";
import { classNames } from "../../services/neural/text/word-class.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { readExamples } from "./model-examples.ts";

export interface Sample {
  readonly folder: string;
  /** A mailing list, a publisher, the spam of a folder; of examples their language. */
  readonly group: string;
  readonly spam: boolean;
  readonly marks: Int32Array;
  /** Words and pairs, each once. */
  readonly terms: Int32Array;
  /** Runs of three and four words that are cues, each once. */
  readonly phrases: Int32Array;
}

export interface Mails {
  readonly samples: readonly Sample[];
  readonly examples: readonly Sample[];
  /** Terms that no model may learn: classes of words, single letters, and pairs with one of them. */
  readonly excluded: ReadonlySet<number>;
}

const folders = ["easy-ham-1", "easy-ham-2", "hard-ham-1", "spam-1", "spam-2"];
const letters = [..."abcdefghijklmnopqrstuvwxyz"].map((letter) => nameHash(letter));

/** Reads the labelled folders, and the examples. */
export function readMails(corpus: string, cues: ReadonlyMap<number, number>): Mails {
  const excluded = new Set<number>([...classNames.keys(), ...letters]);
  const features = newFeatures();
  const samples: Sample[] = [];
  for (const folder of folders) {
    for (const file of readdirSync(join(corpus, folder)).sort()) {
      const raw = readFileSync(join(corpus, folder, file));
      readFeatures(analyse(raw), features);
      exclude(features, excluded);
      const { marks } = features;
      samples.push({
        folder,
        group: groupOf(folder, raw.toString("latin1")),
        spam: folder.startsWith("spam"),
        marks: marks.hash.slice(0, marks.count),
        ...wordsOf(features, cues),
      });
    }
  }
  const examples = readExamples().map(({ language, spam, subject, body }): Sample => {
    readFeatures(analyse(mailOf(subject, body)), features);
    exclude(features, excluded);
    // What a mail looks like says nothing where only its words were written down.
    return { folder: "examples", group: language, spam, marks: new Int32Array(0), ...wordsOf(features, cues) };
  });
  return { samples, examples, excluded };
}

function mailOf(subject: string, body: string): Uint8Array {
  const head = ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"];
  return Buffer.from([`Subject: ${subject}`, ...head, "", ...body.split("\n"), ""].join("\r\n"));
}

function wordsOf(features: Features, cues: ReadonlyMap<number, number>): Pick<Sample, "terms" | "phrases"> {
  const phrases = new Set<number>();
  for (const hash of phrasesOf(features)) if (cues.has(hash)) phrases.add(hash);
  return { terms: features.terms.items.slice(0, features.terms.size), phrases: Int32Array.from(phrases) };
}

/** Adds the pairs of a mail that have a part which no model may learn. */
function exclude({ words }: Features, excluded: Set<number>): void {
  for (let at = 0; at + 1 < words.count; at++) {
    const [one = 0, other = 0] = [words.hash[at], words.hash[at + 1]];
    if (excluded.has(one) || excluded.has(other)) excluded.add(pair(one, other));
  }
}

/** Mailing list, publisher or kind of a mail. */
function groupOf(folder: string, raw: string): string {
  if (folder.startsWith("spam")) return folder;
  const head = raw.slice(0, raw.search(/\r?\n\r?\n/));
  const from = /^From:.*/im.exec(head)?.[0] ?? "";
  if (folder.startsWith("hard")) return publisherOf(from);
  const list = /^List-Id:[^<\n]*(?:\n[^<\n]*)?<([^>]*)>/im.exec(head)?.[1] ?? "";
  if (list.includes("fork")) return "fork";
  if (/linux\.ie|iiu|irregulars|crackmice/.test(list)) return "ilug";
  if (list.includes("rpm")) return "rpm";
  if (list.includes("exmh")) return "exmh";
  if (/razor|spamassassin-|spambayes/.test(list) || /^Subject:.*\[(?:spambayes|sadev|satalk|razor)/im.test(head))
    return "sa";
  if (/zzzzteana/i.test(head)) return "teana";
  return from.includes("rssfeeds@") ? "feeds" : "other";
}

/** Newsletters in four parts, none with a publisher of another. */
function publisherOf(from: string): string {
  if (/cnet|zdnet|anchordesk|newsletter\.online/i.test(from)) return "letters-1";
  if (/lockergnome/i.test(from)) return "letters-2";
  const domain = /@[\w.-]*?([\w-]+\.\w+)\s*>?\s*$/.exec(from)?.[1] ?? from;
  return nameHash(domain) & 1 ? "letters-3" : "letters-4";
}
