// Every bound that analysis of a message keeps. A limit that is reached is a flaw and cuts work; it never throws.
// Counts are per message unless a line says otherwise. The list of what needs a bound follows what has hurt other
// filters: nesting, parameters, comments, tags, URLs, words.

export interface Limits {
  /** Bytes of a message; the rest is cut off before anything looks at it. Flaw `limit-size`. */
  readonly messageBytes: number;
  /** Bytes of one header block; fields beyond are not kept. Flaw `limit-headers`. */
  readonly headersBytes: number;
  /** Fields of one header block. Flaw `limit-headers`. */
  readonly headers: number;
  /** Bytes of one field that are decoded and parsed; its raw form stays whole. Flaw `limit-header-size`. */
  readonly headerBytes: number;
  /** Encoded words (RFC 2047) in one field; later ones stay encoded. Flaw `limit-words`. */
  readonly words: number;
  /** Parameters of one field, continuations counted singly. Flaw `limit-params`. */
  readonly params: number;
  /** Addresses of one kind (From, To, ...). Flaw `limit-addresses`. */
  readonly addresses: number;
  /** Comments within comments in a header. Flaw `limit-comments`. */
  readonly comments: number;
  /** Received fields that become hops. Flaw `limit-received`. */
  readonly received: number;
  /** Nodes of the part tree. Flaw `limit-parts`. */
  readonly parts: number;
  /** Depth of the part tree: multiparts and messages within each other. Flaw `limit-depth`. */
  readonly depth: number;
  /** Second readings of parts. Flaw `limit-readings`. */
  readonly readings: number;
  /** Decoded bytes of all text parts together that become text. Flaw `limit-text`. */
  readonly textBytes: number;
  /** Different URLs. Flaw `limit-urls`. */
  readonly urls: number;
  /** Different addresses in the body. Flaw `limit-emails`. */
  readonly emails: number;
  /** Tags of one HTML part. Flaw `limit-html`. */
  readonly htmlTags: number;
  /** Attributes of one tag. Flaw `limit-html`. */
  readonly htmlAttributes: number;
  /** Open elements within each other. Flaw `limit-html`. */
  readonly htmlDepth: number;
  /** Flaws that are kept; further ones are dropped. */
  readonly flaws: number;
}

export const defaultLimits: Limits = {
  messageBytes: 64 * 1024 * 1024,
  headersBytes: 512 * 1024,
  headers: 1000,
  headerBytes: 64 * 1024,
  words: 1000,
  params: 100,
  addresses: 1000,
  comments: 10,
  received: 100,
  parts: 500,
  depth: 20,
  readings: 24,
  textBytes: 2 * 1024 * 1024,
  urls: 1000,
  emails: 1000,
  htmlTags: 20_000,
  htmlAttributes: 100,
  htmlDepth: 200,
  flaws: 200,
};
