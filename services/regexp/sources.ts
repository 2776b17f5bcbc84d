// Where a pattern looks: Rspamd's types of regular expressions (R 3.11), by their long names and their letters, and the
// texts of a message that each of them means.

import { asBuffer } from "../../shared/as-buffer.ts";
import type { TaskView } from "../../shared/check.ts";
import type { Header } from "../../shared/task.ts";

/** What every rule may look at, and what only those do that look at the bytes of the message. */
export const commonFacts = ["headers", "structure", "text", "html", "urls", "emails"] as const;
export type RuleTask = TaskView<(typeof commonFacts)[number]> & { readonly raw?: Uint8Array };

export type SourceKind =
  | "header"
  | "raw_header"
  | "mime_header"
  | "all_header"
  | "body"
  | "mime"
  | "raw_mime"
  | "sa_body"
  | "sa_raw_body"
  | "url"
  | "email"
  | "words"
  | "raw_words";

export interface Source {
  readonly kind: SourceKind;
  /** Name of the header in lower case; "" for other kinds. */
  readonly header: string;
  /** Flag r: bytes are characters, instead of UTF-8. */
  readonly bytes: boolean;
}

const names: Readonly<Record<string, SourceKind>> = {
  header: "header",
  rawheader: "raw_header",
  raw_header: "raw_header",
  mimeheader: "mime_header",
  mime_header: "mime_header",
  allheader: "all_header",
  all_header: "all_header",
  body: "body",
  rawbody: "body",
  mime: "mime",
  part: "mime",
  rawmime: "raw_mime",
  raw_mime: "raw_mime",
  sa_body: "sa_body",
  sabody: "sa_body",
  sa_raw_body: "sa_raw_body",
  sarawbody: "sa_raw_body",
  url: "url",
  email: "email",
  words: "words",
  raw_words: "raw_words",
  H: "header",
  X: "raw_header",
  B: "mime_header",
  R: "all_header",
  M: "body",
  P: "mime",
  Q: "raw_mime",
  C: "sa_body",
  D: "sa_raw_body",
  U: "url",
};

/** Kinds of Rspamd's that are not there. */
export const missingKinds: ReadonlySet<string> = new Set(["stem_words", "selector"]);

export function kindNamed(name: string): SourceKind | undefined {
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

export function isOfHeader(kind: SourceKind): boolean {
  return kind === "header" || kind === "raw_header" || kind === "mime_header";
}

/** Names a source: equal sources have equal keys. */
export function keyOf({ kind, header, bytes }: Source): string {
  return `${kind} ${header} ${bytes}`;
}

/** The texts of a message that a source means, each at most `longest` characters. */
export function textsOf(task: RuleTask, source: Source, longest: number): readonly string[] {
  return allTexts(task, source).map((text) => (text.length > longest ? text.slice(0, longest) : text));
}

function allTexts(task: RuleTask, source: Source): readonly string[] {
  switch (source.kind) {
    case "header":
      return fieldsOf(task.headers.fields, source).map(({ value }) => value);
    case "raw_header":
      return fieldsOf(task.headers.fields, source).map(({ raw }) => decoded(raw.trim(), source));
    case "mime_header": {
      const parts = task.structure.parts.flatMap(({ headers }) => fieldsOf(headers, source));
      return [...fieldsOf(task.headers.fields, source), ...parts].map(({ value }) => value);
    }
    case "all_header":
      return [decoded(task.headers.fields.map(({ name, raw }) => `${name}:${raw}\n`).join(""), source)];
    case "body":
      return task.raw === undefined ? [] : [asBuffer(task.raw).toString(source.bytes ? "latin1" : "utf8")];
    case "mime":
      return task.text.map(({ text }) => text);
    case "raw_mime":
    case "sa_raw_body":
      return sourcesOf(task);
    case "sa_body":
      return [task.headers.subject ?? "", ...task.text.map(({ text }) => text)];
    case "url":
      return task.urls.map(({ url }) => url);
    case "email":
      return task.emails.map(({ address }) => address);
    case "words":
      return wordsOf(task).map((word) => word.toLowerCase());
    case "raw_words":
      return wordsOf(task);
  }
}

function fieldsOf(fields: readonly Header[], { header }: Source): readonly Header[] {
  return fields.filter(({ key }) => key === header);
}

/** Raw headers come with one character a byte. */
function decoded(text: string, { bytes }: Source): string {
  return bytes || !/[^\0-\x7f]/.test(text) ? text : Buffer.from(text, "latin1").toString("utf8");
}

/** The decoded source of each text part: of HTML with its tags. */
function sourcesOf({ text, html }: RuleTask): readonly string[] {
  const pages = new Map(html.map(({ part, source }) => [part, source]));
  return text.map((one) => (one.html ? (pages.get(one.part) ?? one.text) : one.text));
}

const word = /[\p{L}\p{N}][\p{L}\p{N}'_-]*/gu;
/** Words of a message that rules look at. */
const mostWords = 10_000;

function wordsOf({ text }: RuleTask): readonly string[] {
  const words: string[] = [];
  for (const one of text) {
    for (const [found] of one.text.matchAll(word)) {
      if (words.length === mostWords) return words;
      words.push(found);
    }
  }
  return words;
}
