// Where the streams of a PDF end: by their length, by a mark, or where a reader sees an object begin.

import { numberOf } from "./pdf-number.ts";

/** Where a mark stands next; asked from ever later places, it goes through a text once. */
class NextMark {
  readonly #text: string;
  readonly #mark: string;
  #known = -2;

  constructor(text: string, mark: string) {
    this.#text = text;
    this.#mark = mark;
  }

  /** The first place from `at` on; the length of the text when there is none. */
  from(at: number): number {
    if (this.#known < at) {
      const found = this.#text.indexOf(this.#mark, at);
      this.#known = found === -1 ? this.#text.length : found;
    }
    return this.#known;
  }
}

/** Objects that begin within a stream that are looked for. */
const maxProbes = 10_000;

export interface Places {
  readonly ends: NextMark;
  readonly objects: NextMark;
  probes: number;
}

export function openPlaces(text: string): Places {
  return { ends: new NextMark(text, "endstream"), objects: new NextMark(text, "obj"), probes: 0 };
}

/** Where the stream that begins at `start` ends: its length counts when it leads to the mark, which may stand in it too. */
export function streamEnd(text: string, start: number, dictionary: string, { ends }: Places): number {
  const told = start + (numberOf(dictionary, "Length") ?? Number.NaN);
  return /^\s{0,2}endstream/.test(text.slice(told, told + 11)) ? told : ends.from(start);
}

/** The first object that begins in [start, end), for a stream may be none to a reader who looks up its objects; else `end`. */
export function objectWithin(text: string, start: number, end: number, places: Places): number {
  for (let at = places.objects.from(start); at < end; at = places.objects.from(at + 3)) {
    if (places.probes++ >= maxProbes) break;
    const head = /\d{1,10}\s{1,9}\d{1,5}\s{1,9}$/.exec(text.slice(Math.max(start, at - 30), at));
    if (head !== null) return at - head[0].length;
  }
  return end;
}
