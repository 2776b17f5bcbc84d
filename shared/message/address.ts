// Addresses in header fields (RFC 5322, 3.4 and the obsolete forms of 4.4; RFC 6532 for what is beyond ASCII), and
// what senders write instead: missing brackets, quotes and commas, several addresses in one place.

import type { Mailbox } from "../task.ts";
import { commentEnd, inside, quoteEnd, withoutComments } from "./comment.ts";
import { asciiHost, isHostName, organisationalDomain } from "./domain.ts";
import { canonicalIp } from "./ip.ts";
import { decodeWords, type WordContext } from "./word.ts";

export interface AddressContext extends WordContext {
  /** Addresses read at most. */
  readonly addresses: number;
  /** Depth of comments. */
  readonly comments: number;
}

/** One mailbox while it is being read. */
interface Draft {
  /** Outside of brackets, comments removed, as written. */
  bare: string;
  /** The same with quotes removed. */
  phrase: string;
  /** What stood in angle brackets, or null. */
  angle: string | null;
  comment: string;
}

const emptyDraft = (): Draft => ({ bare: "", phrase: "", angle: null, comment: "" });

/** Position of the "@" between user and host: the last one outside of quotes, or -1. */
function separator(address: string): number {
  if (!address.startsWith('"')) return address.lastIndexOf("@");
  const end = quoteEnd(address, 0);
  return end === -1 ? address.lastIndexOf("@") : address.indexOf("@", end);
}

// RFC 5322, 3.2.3 dot-atom, with UTF-8 by RFC 6532.
const dotAtom = /^[\w!#$%&'*+\-/=?^`{|}~\u0080-\uffff]+(?:\.[\w!#$%&'*+\-/=?^`{|}~\u0080-\uffff]+)*$/;

function isUser(user: string): boolean {
  // RFC 5321, 4.5.3.1.1
  if (user === "" || Buffer.byteLength(user) > 64) return false;
  if (!user.startsWith('"')) return dotAtom.test(user);
  return user.length > 2 && quoteEnd(user, 0) === user.length;
}

/** A mailbox of a display name and an address in plain text. */
export function mailbox(name: string, written: string): Mailbox {
  const at = separator(written);
  if (at === -1) return { name, address: written, user: written, host: "", domain: "", valid: false };
  const user = written.slice(0, at);
  const text = written.slice(at + 1);
  const literal = text.startsWith("[");
  const host = (literal ? text.toLowerCase() : asciiHost(text)) || text.toLowerCase();
  const valid = isUser(user) && (literal ? canonicalIp(text) !== "" : isHostName(host));
  const domain = valid && !literal ? organisationalDomain(host) : "";
  return { name, address: `${user}@${host}`, user, host, domain, valid };
}

/** End of an angle address that opens at `start`: position of ">" outside of quotes and comments, or -1. */
function angleEnd(text: string, start: number): number {
  let comments = true;
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 62) return at;
    if (code === 34) {
      const end = quoteEnd(text, at);
      if (end === -1) return text.indexOf(">", at);
      at = end - 1;
    } else if (code === 40 && comments) {
      const end = commentEnd(text, at, Number.POSITIVE_INFINITY, () => {});
      // Of one that stays open nobody knows where it ends, nor of those within.
      if (end === -1) comments = false;
      else at = end - 1;
    }
  }
  return -1;
}

/** RFC 5322, 4.4: blanks around dots and "@" are obsolete, but read. */
function joinAtoms(text: string): string {
  return text.replace(/\s+/g, " ").replace(/ ?([.@]) ?/g, "$1");
}

/** What stands in angle brackets as an address: comments, blanks and a route (RFC 5322, 3.4.1 and 4.4) removed. */
function addressOf(angle: string, context: WordContext): string {
  let text = withoutComments(angle, Number.POSITIVE_INFINITY, () => {}).trim();
  if (text.startsWith("@")) {
    const colon = text.indexOf(":");
    if (colon !== -1) text = text.slice(colon + 1);
  }
  if (!text.startsWith('"') && /\s/.test(text)) text = joinAtoms(text);
  return decodeWords(text, context);
}

/** The mailboxes of a draft without angle brackets: mostly one, several where commas are missing. */
function bareMailboxes(draft: Draft, context: AddressContext): Mailbox[] {
  const bare = draft.bare.trim();
  const comment = draft.comment === "" ? "" : decodeWords(draft.comment, context);
  if (bare.includes('"')) {
    const written = separator(bare) === -1 ? draft.phrase.trim() : bare;
    return [mailbox(comment, decodeWords(written, context))];
  }
  const tokens = joinAtoms(bare).split(" ");
  const addresses = tokens.filter((token) => token.includes("@"));
  if (addresses.length === 0) {
    const decoded = decodeWords(bare, context);
    return [wholeEncoded(decoded) ?? mailbox(comment, decoded)];
  }
  if (tokens.length === 1) return [mailbox(comment, decodeWords(tokens[0] ?? "", context))];
  const name = decodeWords(tokens.filter((token) => !token.includes("@")).join(" "), context);
  return addresses.map((address) => mailbox(name, decodeWords(address, context)));
}

/** Name and address that were encoded as one word, which RFC 2047, 5 forbids and readers show. */
function wholeEncoded(decoded: string): Mailbox | null {
  const open = decoded.lastIndexOf("<");
  if (open === -1 || !decoded.endsWith(">")) return null;
  return mailbox(decoded.slice(0, open).trim(), decoded.slice(open + 1, -1).trim());
}

/** Reads the mailboxes of an unfolded field, groups flattened. What is no address stays in the list as not valid. */
export function parseAddresses(text: string, context: AddressContext): Mailbox[] {
  const found: Mailbox[] = [];
  const { note, part } = context;
  let draft = emptyDraft();
  let from = 0; // start of text that is not in the draft yet
  let at = 0;
  // Once a quote, comment or bracket stays open, no later one is looked for: they would all search to the end.
  let brackets = true;
  let quotes = true;
  let comments = true;
  const deep = () => note("limit-comments", part);

  let separated = false; // whether the draft has an "@"
  const take = () => {
    if (from < at) {
      const piece = text.slice(from, at);
      separated ||= piece.includes("@");
      draft.bare += piece;
      draft.phrase += piece;
    }
  };
  const finish = () => {
    if (draft.angle !== null) {
      const name = decodeWords(draft.phrase.trim(), context) || decodeWords(draft.comment, context);
      found.push(mailbox(name, addressOf(draft.angle, context)));
    } else if (draft.bare.trim() !== "") {
      const boxes = bareMailboxes(draft, context);
      if (boxes.length > 1) note("bad-address", part);
      found.push(...boxes);
    }
    draft = emptyDraft();
    separated = false;
  };

  while (at < text.length) {
    if (found.length >= context.addresses) {
      note("limit-addresses", part);
      return checked(found.slice(0, context.addresses), context);
    }
    switch (text.charCodeAt(at)) {
      case 34: {
        const end = quotes ? quoteEnd(text, at) : -1;
        if (end === -1) {
          quotes = false;
          note("bad-address", part, "quote");
          at++;
          break;
        }
        take();
        const quoted = text.slice(at, end);
        draft.bare += quoted;
        draft.phrase += inside(quoted);
        at = from = end;
        break;
      }
      case 40: {
        const end = comments ? commentEnd(text, at, context.comments, deep) : -1;
        if (end === -1) {
          comments = false;
          at++;
          break;
        }
        take();
        draft.bare += " ";
        draft.phrase += " ";
        draft.comment ||= inside(text.slice(at, end)).trim();
        at = from = end;
        break;
      }
      case 60: {
        take();
        if (draft.angle !== null) {
          note("bad-address", part);
          finish();
        }
        const end = brackets ? angleEnd(text, at) : -1;
        if (end === -1) {
          brackets = false;
          note("bad-address", part, "bracket");
          const comma = text.indexOf(",", at);
          const stop = comma === -1 ? text.length : comma;
          draft.angle = text.slice(at + 1, stop);
          at = from = stop;
        } else {
          draft.angle = text.slice(at + 1, end);
          at = from = end + 1;
        }
        break;
      }
      case 44:
      case 59:
        take();
        finish();
        at++;
        from = at;
        break;
      case 58:
        take();
        from = at;
        // "name:" opens a group (RFC 5322, 3.4); a colon within an address is part of it.
        if (draft.angle === null && !separated) {
          draft = emptyDraft();
          from = at + 1;
        }
        at++;
        break;
      default:
        at++;
    }
  }
  take();
  finish();
  return checked(found, context);
}

function checked(found: Mailbox[], context: AddressContext): Mailbox[] {
  for (const box of found) if (!box.valid) context.note("bad-address", context.part);
  return found;
}
