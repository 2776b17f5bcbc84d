// What HTML elements are (WHATWG, 4 and 13.1.2): which are empty, which break lines, which need no end tag.

/** Bits of what `kindOf` answers. */
export const Kind = {
  /** Has no content and no end tag. */
  empty: 1,
  /** Stands on lines of its own. */
  block: 2,
  /** Starting it ends an open paragraph. */
  endsParagraph: 4,
  /** Its end tag may be left out. */
  optionalEnd: 8,
  /** End tags inside do not reach beyond it. */
  scope: 16,
  /** Its content is not markup, up to its end tag. */
  raw: 32,
  /** Nothing of its content is shown. */
  dropped: 64,
  /** A table cell. */
  cell: 128,
  /** Line ends and blanks count. */
  preformatted: 256,
  /** There is one of it, open from the first tag to the end. */
  root: 512,
} as const;

export interface Element {
  readonly name: string;
  /** Bits of `Kind`. */
  readonly kind: number;
  /** Below `elementCount`. */
  readonly index: number;
}

const kinds = new Map<string, number>();

function mark(bits: number, names: string): void {
  for (const name of names.split(" ")) kinds.set(name, (kinds.get(name) ?? 0) | bits);
}

mark(
  Kind.empty,
  "area base basefont bgsound br col embed frame hr image img input keygen link meta param source track wbr",
);
mark(
  Kind.block,
  "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer " +
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup option p plaintext pre " +
    "search section summary table tbody tfoot thead tr ul xmp",
);
mark(
  Kind.endsParagraph,
  "address article aside blockquote center details dialog dir div dl dt dd li fieldset figcaption figure footer form h1 " +
    "h2 h3 h4 h5 h6 header hgroup hr listing main menu nav ol p plaintext pre search section summary table ul xmp",
);
mark(Kind.optionalEnd, "body colgroup dd dt head html li optgroup option p rp rt tbody td tfoot th thead tr");
mark(Kind.scope, "applet button caption marquee object table td template th");
mark(Kind.raw, "iframe noembed noframes plaintext script style textarea title xmp");
mark(Kind.dropped, "iframe noembed noframes script style title");
mark(Kind.cell, "td th");
mark(Kind.preformatted, "listing plaintext pre textarea xmp");
mark(Kind.root, "body head html");

// Inline elements, to be found by one look-up as the others are.
mark(
  0,
  "a abbr acronym b basefont big blink bdi bdo cite code del em font i ins kbd label map mark nobr noscript picture q",
);
mark(0, "s samp select small span strike strong sub sup svg time tt u var video audio");

// Mail writes tags in either case, seldom in a mixture.
const elements = new Map<string, Element>();
for (const [name, kind] of kinds) {
  const element = { name, kind, index: elements.size / 2 };
  elements.set(name, element);
  elements.set(name.toUpperCase(), element);
}

/** How many elements are known. */
export const elementCount = kinds.size;

/** The element of a tag name; undefined for one that is not known, or written in a mixture of cases. */
export function elementOf(name: string): Element | undefined {
  return elements.get(name);
}

/** Elements that a start tag ends although no end tag says so, and those beyond which it does not look. */
export interface Implied {
  readonly ends: ReadonlySet<string>;
  readonly within: ReadonlySet<string>;
}

const implied = new Map<string, Implied>();

function imply(names: string, ends: string, within: string): void {
  const entry = { ends: new Set(ends.split(" ")), within: new Set(within.split(" ")) };
  for (const name of names.split(" ")) implied.set(name, entry);
}

imply("li", "li", "ul ol menu dir table td th caption object button");
imply("dd dt", "dd dt", "dl table td th caption object button");
imply("option optgroup", "option", "select table td th");
imply("td th", "td th", "tr table");
imply("tr", "tr", "table");
imply("tbody thead tfoot", "tbody thead tfoot", "table");

export function impliedEnd(name: string): Implied | undefined {
  return implied.get(name);
}

/** Parts of a table: their end tags reach out of a cell. */
export const tableParts: ReadonlySet<string> = new Set("caption table tbody td tfoot th thead tr".split(" "));
