// A task is one message on its way through the filter: envelope, facts, settings. All of it is plain data, for it
// travels over the bus. The words used here are the words used everywhere:
//   part       one node of the MIME tree
//   hop        one Received header, parsed
//   mailbox    one address of a header, with its display name
//   flaw       something that a well-behaved sender does not produce, or a limit that was reached

/** What the SMTP dialogue said. A key is absent where the gateway was not told; `from` is "" for the null sender. */
export interface Envelope {
  readonly ip?: string;
  /** Reverse name of `ip`, verified by the mail server; "" when that looked and found none that holds. Absent when it did
   *  not look, or does not say. */
  readonly hostname?: string;
  readonly helo?: string;
  readonly from?: string;
  readonly rcpts: readonly string[];
  /** The SASL login. */
  readonly user?: string;
  readonly queueId?: string;
  readonly mtaName?: string;
  readonly mtaTag?: string;
  /** The mailbox of local delivery, for per-user classifiers. */
  readonly deliverTo?: string;
  readonly tlsCipher?: string;
  readonly tlsVersion?: string;
  readonly tlsIssuer?: string;
  readonly mailer?: string;
  /** What the client calls the message: a file name, a ticket. */
  readonly filename?: string;
  /** An address of the envelope that is no address: the reason is the value as it came. */
  readonly invalid?: readonly string[];
  /** ESMTP parameters of MAIL FROM and, in the order of `rcpts`, of RCPT TO. */
  readonly mailArgs?: Readonly<Record<string, string>>;
  readonly rcptArgs?: readonly Readonly<Record<string, string>>[];
}

/** One header field. `name + ":" + raw` are exactly the bytes received (one char a byte) without the last line end. */
export interface Header {
  readonly name: string;
  /** `name` in lower case, without trailing blanks. */
  readonly key: string;
  readonly raw: string;
  /** Unfolded, trimmed, RFC 2047 words decoded. */
  readonly value: string;
}

/** One address of an address header (RFC 5322, 3.4). */
export interface Mailbox {
  /** Display name, decoded, quotes removed; "" when there is none. */
  readonly name: string;
  /** `user@host`, or whatever stood in its place. */
  readonly address: string;
  readonly user: string;
  /** Lower case; "" when the address has no host. */
  readonly host: string;
  /** Organisational domain of `host` (public suffix list); "" when it has none. */
  readonly domain: string;
  readonly valid: boolean;
}

export interface Headers {
  readonly fields: readonly Header[];
  readonly subject: string | null;
  readonly from: readonly Mailbox[];
  readonly sender: readonly Mailbox[];
  readonly replyTo: readonly Mailbox[];
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly bcc: readonly Mailbox[];
  /** Without the angle brackets; null without a header. */
  readonly messageId: string | null;
  /** Date header in ms since 1970; null when absent, NaN never: an unreadable one is null and a flaw. */
  readonly date: number | null;
}

/** What analysis found odd. Each value is raised as a symbol by the content actor. */
export type FlawKind =
  | "limit-size" // the text of the message was cut
  | "limit-headers"
  | "limit-header-size"
  | "limit-parts"
  | "limit-depth"
  | "limit-text"
  | "limit-params"
  | "limit-urls"
  | "limit-emails"
  | "limit-addresses"
  | "limit-received"
  | "limit-html" // tags, attributes or depth
  | "limit-words" // encoded words of one header
  | "limit-comments" // comments within comments in a header
  | "limit-readings" // more readings of its parts than are looked at
  | "bad-header" // a line among the headers that is none
  | "bad-address"
  | "bad-date"
  | "bad-content-type"
  | "bad-encoding" // an unknown Content-Transfer-Encoding
  | "bad-base64"
  | "bad-quoted-printable"
  | "bad-charset" // unknown, or the bytes are not in it
  | "bad-word" // an encoded word that cannot be decoded
  | "missing-boundary" // a multipart without a boundary, or whose boundary never comes
  | "unclosed-boundary"
  | "duplicate-boundary" // a part within that uses the boundary of one around it
  | "duplicate-header" // a header that must be unique and decides how the message reads
  | "eight-bit-header"
  | "eight-bit-body" // 8-bit bytes in a part that promises 7 bits
  | "missing-empty-line" // the body follows the headers without an empty line
  | "mbox-line" // starts with the "From " line of a mailbox file
  | "byte-order-mark" // starts with one
  | "uuencode" // a file lies in the text, uuencoded
  | "nul" // NUL bytes
  | "bare-cr"
  | "bare-lf" // both CRLF and bare LF line ends
  | "outside-text" // text with links before the first boundary or behind the last
  | "ambiguous-type" // the rest: two mail readers may show two different mails, and both were looked at
  | "ambiguous-encoding"
  | "ambiguous-boundary"
  | "ambiguous-charset"
  | "ambiguous-filename"
  | "ambiguous-header"; // NUL or a bare CR decides where headers and parts end

/** Why a part has a second reading. */
export type Reading = Extract<FlawKind, `ambiguous-${string}` | "outside-text">;

export interface Flaw {
  readonly kind: FlawKind;
  /** Part in which it was seen; 0 is the message itself. */
  readonly part: number;
  /** A short word or two that helps an operator: a header's name, a charset. */
  readonly detail?: string;
}

/** One node of the part tree, in depth-first order: `parts[0]` is the message, `parent` is -1 there. */
export interface Part {
  readonly id: number;
  readonly parent: number;
  readonly depth: number;
  /** Lower case, e.g. "text/plain": what the header says, or the default of RFC 2045, 5.2. */
  readonly type: string;
  /** Whether a readable Content-Type header stood there. */
  readonly declared: boolean;
  /** Parameters of Content-Type, names in lower case, RFC 2231 resolved. */
  readonly params: Readonly<Record<string, string>>;
  /** "", "inline", "attachment", or what else stood there in lower case. */
  readonly disposition: string;
  /** Parameters of Content-Disposition, like `params`. */
  readonly dispositionParams: Readonly<Record<string, string>>;
  /** From the disposition, else the type; decoded; "" when it has none. */
  readonly filename: string;
  /** Content-Transfer-Encoding in lower case; "" when absent. */
  readonly encoding: string;
  readonly contentId: string;
  /** Own header fields; empty for part 0, whose fields are the fact `headers`. */
  readonly headers: readonly Header[];
  /** Bytes of the body in the raw message, before decoding: [start, end). */
  readonly start: number;
  readonly end: number;
  /** Decoded bytes; 0 for a multipart. */
  readonly size: number;
  /** Type by the first bytes of the content; "" when nothing is recognised. */
  readonly detected: string;
  /** SHA-256 of the decoded content in hex, the first 32 digits; "" for a multipart. */
  readonly digest: string;
  /** Set where this is no part beside the others but what another mail reader makes of the bytes of its parent, and on
   *  all that lies within. */
  readonly reading?: Reading;
}

/** Bytes of a body that are kept as they came. */
export const openingBytes = 512;

export interface Structure {
  /** Bytes of the whole message. */
  readonly size: number;
  /** Bytes of the header block, up to and with the empty line. */
  readonly headerSize: number;
  /** The first `openingBytes` bytes behind the header block, as they came: each a character below 256. */
  readonly opening: string;
  /** SHA-256 in hex, the first 32 digits, of the whole message. */
  readonly digest: string;
  readonly parts: readonly Part[];
  readonly flaws: readonly Flaw[];
}

/** The readable text of one text part: of text/plain the text, of text/html what a reader sees. Line ends are LF. */
export interface Text {
  readonly part: number;
  readonly html: boolean;
  readonly text: string;
  /** Charset that was used to decode, in lower case. */
  readonly charset: string;
  /** Lines of the text as sent. */
  readonly lines: number;
}

export interface Link {
  readonly href: string;
  /** Visible text of the anchor, trimmed. */
  readonly text: string;
  /** Index of an image inside the anchor in `images`, or -1. */
  readonly image: number;
}

export interface Image {
  readonly src: string;
  /** Pixels by attribute or style; 0 when not said. */
  readonly width: number;
  readonly height: number;
  readonly alt: string;
  /** Whether it points into the message (cid:, data:). */
  readonly embedded: boolean;
  readonly linked: boolean;
}

export interface Html {
  readonly part: number;
  /** Decoded source. */
  readonly source: string;
  readonly links: readonly Link[];
  readonly images: readonly Image[];
  /** `action` of each form. */
  readonly forms: readonly string[];
  /** Target of a meta refresh; "" when there is none. */
  readonly refresh: string;
  /** `href` of external style sheets. */
  readonly stylesheets: readonly string[];
  /** Lower-case names of the tags that occur. */
  readonly tags: readonly string[];
  /** Text that a reader does not see, by reason, in characters. */
  readonly hidden: { readonly font: number; readonly colour: number; readonly display: number };
  /** Blocks that are hidden by style, by reason. */
  readonly hiddenBlocks: { readonly font: number; readonly display: number };
  /** Characters a reader sees. */
  readonly visible: number;
  /** Whether every tag that needs closing was closed in order. */
  readonly balanced: boolean;
}

export type UrlFlag =
  | "obfuscated" // written so that a reader resolves it and a program does not
  | "numeric" // the host is an IP address, in whatever notation
  | "user" // has a user part
  | "punycode"
  | "confusable" // letters of several scripts that look alike
  | "schemeless" // "www.example.org" without a scheme
  | "image" // only the source of an image
  | "subject" // stands in the subject, wherever else it stands
  | "truncated";

export type UrlOrigin =
  | "text"
  | "html"
  | "subject"
  | "header"
  | "pdf" // a link of a PDF file
  | "office" // a link of an Office document
  | "qr"; // a code in a picture

export interface Url {
  /** Normalised: scheme and host in lower case, host in ASCII. */
  readonly url: string;
  /** As it was written, cut at 2,048 characters. */
  readonly raw: string;
  readonly scheme: string;
  readonly user: string;
  readonly host: string;
  readonly port: number;
  /** Organisational domain of `host`; "" for an address or an unknown suffix. */
  readonly domain: string;
  readonly path: string;
  readonly query: string;
  readonly fragment: string;
  readonly origin: UrlOrigin;
  readonly part: number;
  /** How often it occurs in what the message says; in subject and headers it counts when it is nowhere else. */
  readonly count: number;
  readonly flags: readonly UrlFlag[];
  /** Anchor text of the first link to it; "" when it has none. */
  readonly text: string;
}

/** An address that occurs in the body. */
export interface Email {
  readonly address: string;
  readonly user: string;
  readonly host: string;
  readonly domain: string;
  readonly origin: UrlOrigin;
  readonly part: number;
}

/** One Received header (RFC 5321, 4.4), the newest first, as the headers stand. "" where a clause is missing. */
export interface Hop {
  /** Name given in HELO. */
  readonly from: string;
  /** Reverse name as the receiving host noted it. */
  readonly rdns: string;
  /** Address in canonical form; "" when none was noted. */
  readonly ip: string;
  readonly by: string;
  /** Protocol in upper case: "ESMTPSA". */
  readonly with: string;
  readonly id: string;
  readonly for: string;
  /** ms since 1970, or null. */
  readonly time: number | null;
  readonly tls: boolean;
  readonly authenticated: boolean;
}

/** A leaf that is not text to be read, or that is named or marked as an attachment; a file within a text, in uuencode or as
 *  the data: URL of a picture. With its decoded bytes. */
export interface Attachment {
  readonly part: number;
  readonly filename: string;
  /** Last extension in lower case, without the dot; "". */
  readonly extension: string;
  readonly type: string;
  readonly detected: string;
  readonly digest: string;
  readonly content: Uint8Array;
}

/** Every result of analysing a message once. A check gets only those it reads. */
export interface Facts {
  readonly headers: Headers;
  readonly structure: Structure;
  readonly text: readonly Text[];
  readonly html: readonly Html[];
  readonly urls: readonly Url[];
  readonly emails: readonly Email[];
  readonly received: readonly Hop[];
  readonly attachments: readonly Attachment[];
  readonly raw: Uint8Array;
  /** Score, action and symbols so far; for checks of the stages `post` and `idle`. */
  readonly standing: Standing;
  /** The message with what we change of it; for checks of the stage `sign`. */
  readonly outgoing: Outgoing;
}

export type FactName = keyof Facts;

/** Where a task stands after the filters: what a check of a later stage may look at. */
export interface Standing {
  readonly score: number;
  readonly required: number;
  readonly action: string;
  readonly symbols: readonly StandingSymbol[];
}

export interface StandingSymbol {
  readonly name: string;
  /** What it adds. */
  readonly score: number;
}

/** A message as it goes out. What is absent is as it came. */
export interface Outgoing {
  /** All of them, with those removed, added and rewritten. */
  readonly fields?: readonly Header[];
  /** CRLF line ends. */
  readonly body?: Uint8Array;
  /** What was found, as in Authentication-Results: "mx.example.org; spf=pass ...", folded with LF. */
  readonly authentication: string;
}
