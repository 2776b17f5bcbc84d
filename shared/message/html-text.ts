// Collects the text that a reader sees, with white space as a reader sees it (CSS Text 3, 4.1).

import { decodeHTML } from "entities/decode";

export interface TextWriter {
  /** The text so far, in pieces. */
  readonly pieces: string[];
  /** Line ends owed before the next text. */
  breaks: number;
  /** What is owed before the next text of the same line: nothing, a blank, a tab between cells. */
  gap: "" | " " | "\t";
  /** Characters written, without line ends and gaps. */
  visible: number;
}

export function textWriter(): TextWriter {
  return { pieces: [], breaks: 0, gap: "", visible: 0 };
}

/** Writes a run of source between two tags. */
export function writeText(writer: TextWriter, run: string, preformatted: boolean): void {
  if (preformatted) {
    const text = lines(decode(run));
    if (text !== "") emit(writer, text);
    return;
  }
  let from = 0;
  let to = run.length;
  while (from < to && isBlank(run.charCodeAt(from))) from++;
  if (from > 0 && writer.gap === "") writer.gap = " ";
  if (from === to) return;
  while (isBlank(run.charCodeAt(to - 1))) to--;
  const text = collapse(decode(run.slice(from, to)));
  if (text !== "") emit(writer, text);
  if (to < run.length) writer.gap = " ";
}

/** Characters of a run that a reader would see if it were not hidden. What only pads does not count. */
export function countText(run: string): number {
  return collapse(decode(run))
    .replace(/\u034f|[\u00ad\u200b-\u200f\u2060\ufeff]/g, "")
    .trim().length;
}

/** The text goes on in a new line, unless it is at the start of one. */
export function breakLine(writer: TextWriter): void {
  if (writer.breaks === 0) writer.breaks = 1;
}

/** A <br>: two of them leave an empty line, more leave no more. */
export function addLine(writer: TextWriter): void {
  if (writer.breaks < 2) writer.breaks++;
}

export function separateCell(writer: TextWriter): void {
  writer.gap = "\t";
}

function emit(writer: TextWriter, text: string): void {
  const { pieces } = writer;
  if (pieces.length > 0) {
    if (writer.breaks > 0) pieces.push(writer.breaks === 1 ? "\n" : "\n\n");
    else if (writer.gap !== "") pieces.push(writer.gap);
  }
  writer.breaks = 0;
  writer.gap = "";
  writer.visible += text.length;
  pieces.push(text);
}

/** Entities resolved; NUL is no text (WHATWG, 13.2.6.4.7). */
function decode(run: string): string {
  const text = run.includes("\0") ? run.replaceAll("\0", "") : run;
  return text.includes("&") ? decodeHTML(text) : text;
}

/** Runs of blanks and line ends become one blank; a no-break space stays one, but as a plain blank. */
function collapse(text: string): string {
  const collapsed = text.replace(/[\t\n\f\r][\t\n\f\r ]*| [\t\n\f\r ]+/g, " ");
  return collapsed.includes("\u00a0") ? collapsed.replaceAll("\u00a0", " ") : collapsed;
}

function lines(text: string): string {
  const plain = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  return plain.includes("\u00a0") ? plain.replaceAll("\u00a0", " ") : plain;
}

function isBlank(c: number): boolean {
  return c === 32 || c === 10 || c === 13 || c === 9 || c === 12;
}
