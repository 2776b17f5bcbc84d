// The words of a message as hashes, and counts of how its text is written.

/** Words of one message that are looked at. */
export const mostWords = 1_500;

/** How a text is written, in numbers. */
export interface Style {
  units: number;
  lines: number;
  quotedLines: number;
  attributions: number;
  signatures: number;
  letters: number;
  capitals: number;
  /** Letters beyond ASCII, before accents were taken off. */
  foreign: number;
  words: number;
  /** Words of at least four letters that are all capitals. */
  shouted: number;
  longWords: number;
  /** Letters with digits among them. */
  mixed: number;
  /** Words spelled with something between their letters. */
  spelled: number;
  numbers: number;
  amounts: number;
  percents: number;
  exclamations: number;
  questions: number;
  links: number;
  addresses: number;
  /** Characters that nobody sees. */
  invisible: number;
}

/** The words of a message, in their order. One is used for all messages of a thread. */
export interface Words {
  readonly hash: Int32Array;
  /** Where each stands in its text: for explanations. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  count: number;
  style: Style;
}

export function newStyle(): Style {
  return {
    units: 0,
    lines: 0,
    quotedLines: 0,
    attributions: 0,
    signatures: 0,
    letters: 0,
    capitals: 0,
    foreign: 0,
    words: 0,
    shouted: 0,
    longWords: 0,
    mixed: 0,
    spelled: 0,
    numbers: 0,
    amounts: 0,
    percents: 0,
    exclamations: 0,
    questions: 0,
    links: 0,
    addresses: 0,
    invisible: 0,
  };
}

export function newWords(): Words {
  return {
    hash: new Int32Array(mostWords),
    start: new Int32Array(mostWords),
    end: new Int32Array(mostWords),
    count: 0,
    style: newStyle(),
  };
}

/** Adds a word, while there is room. */
export function put(words: Words, hash: number, start: number, end: number): void {
  const { count } = words;
  if (count >= mostWords) return;
  words.hash[count] = hash;
  words.start[count] = start;
  words.end[count] = end;
  words.count = count + 1;
}
