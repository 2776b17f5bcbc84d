// The examples (services/neural/text/examples): short mails, written down for the first model because the development mail has
// none of their kind, language or year. Only words are learned of them: their heads were never on any way.
//
//   == spam en 2006
//   Subject: as a reader sees it
//
//   body, to the next line that begins with "== "

import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../../services/neural/text/examples");
const head = /^== (spam|ham) ([a-z]{2}) (\d{4})$/;

export interface Example {
  /** Name of the file, without its ending. */
  readonly kind: string;
  readonly language: string;
  readonly year: number;
  readonly spam: boolean;
  readonly subject: string;
  readonly body: string;
}

/** All files, in order. Throws with the line of what cannot be an example. */
export function readExamples(): readonly Example[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".txt"))
    .sort()
    .flatMap((file) => parseExamples(file.slice(0, -4), readFileSync(join(folder, file), "utf8")));
}

export function parseExamples(kind: string, text: string): readonly Example[] {
  const lines = text.split("\n");
  const starts = lines.flatMap((line, at) => (line.startsWith("== ") ? [at] : []));
  return starts.map((start, index) => {
    const [, label, language, year] = head.exec(lines[start] ?? "") ?? [];
    const subject = /^Subject:(.*)$/.exec(lines[start + 1] ?? "")?.[1];
    if (label === undefined || language === undefined || subject === undefined) {
      throw new Error(`${kind}.txt:${start + 1}: an example begins with "== spam|ham LANGUAGE YEAR" and a subject`);
    }
    const body = lines.slice(start + 2, starts[index + 1] ?? lines.length).join("\n");
    return { kind, language, year: Number(year), spam: label === "spam", subject: subject.trim(), body: body.trim() };
  });
}
