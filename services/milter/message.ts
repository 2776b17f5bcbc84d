// The message, put together again from its headers and chunks of body as the mail server has it: signatures are
// checked on these bytes.

import type { HeaderInfo } from "./wire/decode.ts";

export interface MessageLimits {
  /** Bytes of the whole message. */
  readonly maxMessage: number;
  readonly maxHeaders: number;
  readonly maxHeaderBytes: number;
}

const crlf = Buffer.from("\r\n");
const colon = Buffer.from(":");
const colonSpace = Buffer.from(": ");
const lf = 0x0a;
const cr = 0x0d;
const tab = 0x09;

export class MessageBuilder {
  readonly #limits: MessageLimits;
  readonly #leadingSpace: boolean;
  #chunks: Buffer[] = [];
  #names: Buffer[] = [];
  #size = crlf.length;
  #inBody = false;
  #overLimit: string | undefined;

  /** @param leadingSpace whether values come with the blanks after the colon (SMFIP_HDR_LEADSPC) */
  constructor(limits: MessageLimits, leadingSpace: boolean) {
    this.#limits = limits;
    this.#leadingSpace = leadingSpace;
  }

  /** Why nobody is to look at it: the limit that it broke, with its figure. Its bytes are let go of then. */
  get overLimit(): string | undefined {
    return this.#overLimit;
  }

  /** Bytes seen so far. */
  get size(): number {
    return this.#size;
  }

  addHeader({ name, value }: HeaderInfo): void {
    const { maxHeaders, maxHeaderBytes } = this.#limits;
    const lines = withCrlf(value);
    const separator = this.#leadingSpace || startsBlank(value) ? colon : colonSpace;
    this.#add(name, separator, lines, crlf);
    if (this.#overLimit !== undefined) return;
    this.#names.push(name);
    if (this.#names.length > maxHeaders) this.refuse(`more than ${maxHeaders} headers`);
    else if (this.#size > maxHeaderBytes) this.refuse(`more than ${maxHeaderBytes} bytes of headers`);
  }

  /** Adds the blank line, once. */
  endHeaders(): void {
    if (!this.#inBody) this.#chunks.push(crlf);
    this.#inBody = true;
  }

  addBody(chunk: Buffer): void {
    this.endHeaders();
    this.#add(chunk);
  }

  /** The message and the names of its headers in lower case. Lets go of the pieces: done once. */
  build(): { readonly raw: Buffer; readonly headerNames: readonly string[] } {
    this.endHeaders();
    const raw = Buffer.concat(this.#chunks);
    const headerNames = this.#names.map((name) => name.toString("latin1").trimEnd().toLowerCase());
    this.#chunks = [];
    this.#names = [];
    return { raw, headerNames };
  }

  #add(...chunks: readonly Buffer[]): void {
    for (const chunk of chunks) this.#size += chunk.length;
    if (this.#overLimit !== undefined) return;
    if (this.#size > this.#limits.maxMessage) this.refuse(`more than ${this.#limits.maxMessage} bytes`);
    else this.#chunks.push(...chunks);
  }

  /** Lets go of its bytes; what still comes is only counted. */
  refuse(reason: string): void {
    this.#overLimit = reason;
    this.#chunks = [];
    this.#names = [];
  }
}

/** Without SMFIP_HDR_LEADSPC servers take one space away; before a tab or a line end there was none. */
function startsBlank(value: Buffer): boolean {
  const first = value[0];
  return first === tab || first === lf || first === cr;
}

/** Folds arrive as LF; the message has CRLF. */
function withCrlf(value: Buffer): Buffer {
  let at = value.indexOf(lf);
  if (at < 0) return value;
  const pieces: Buffer[] = [];
  let from = 0;
  for (; at >= 0; at = value.indexOf(lf, from)) {
    const end = at > 0 && value[at - 1] === cr ? at - 1 : at;
    pieces.push(value.subarray(from, end), crlf);
    from = at + 1;
  }
  pieces.push(value.subarray(from));
  return Buffer.concat(pieces);
}
