// What the headers say of the program and the network that sent a mail.

import { isAdded } from "../../shared/message/added-header.ts";
import type { Envelope, Headers, Hop, Mailbox } from "../../shared/task.ts";
import { type Mark, mark, type TokenSet } from "./token-set.ts";
import type { Words } from "./words.ts";

const mostFields = 100;
const mostHops = 12;
const mostMailboxes = 3;
const longestValue = 200;
const longestAddress = 100;
const longestName = 100;
/** Words of a header's value and of an author's name. */
const mostValueWords = 15;
const mostNameWords = 10;

/** Headers whose value tells the program that wrote the mail, or what it thinks of it. */
const told: ReadonlySet<string> = new Set([
  "user-agent",
  "x-mailer",
  "x-newsreader",
  "x-mimeole",
  "mime-version",
  "content-type",
  "content-transfer-encoding",
  "content-disposition",
  "content-class",
  "x-priority",
  "x-msmail-priority",
  "importance",
  "precedence",
  "organization",
  "errors-to",
  "list-id",
  "list-post",
  "list-unsubscribe",
  "x-sender",
  "x-originating-ip",
]);

/** Loopback, link-local and private networks (RFC 6890), of an address in canonical form. */
const ownNetwork =
  /^(?:0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1?$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/;

const fieldName = mark("header");
const fieldOrder = mark("headers");
const authorAddress = mark("from");
const authorDomain = mark("from at");
const authorName = mark("from name");
const replyAddress = mark("reply to");
const replyDomain = mark("reply to at");
const idShape = mark("message id like");
const idHost = mark("message id at");
const network = mark("sent through");
const sendingDomain = mark("sending host in");
const greeting = mark("greets as");

/** Seeds of the words of a header, by its name. */
const valueMarks = new Map([...told].map((key) => [key, mark(key)]));

export function headerTokens(
  envelope: Envelope,
  headers: Headers,
  hops: readonly Hop[],
  words: Words,
  set: TokenSet,
): void {
  let before = "";
  let count = 0;
  for (const { key, name, value } of headers.fields) {
    if (isAdded(key)) continue;
    if (count++ >= mostFields) break;
    set.addMark(fieldName, name.slice(0, longestName));
    set.addMark(fieldOrder, `${before} ${key.slice(0, longestName)}`);
    before = key.slice(0, longestName);
    const valueMark = valueMarks.get(key);
    if (valueMark === undefined) continue;
    words.read(key === "content-type" ? withoutBoundary(value) : value.slice(0, longestValue), mostValueWords);
    set.addWords(words, valueMark);
  }
  authorTokens(headers, words, set);
  messageIdTokens(headers.messageId, set);
  hopTokens(envelope, hops, set);
}

/** A boundary is made up for each mail. */
function withoutBoundary(value: string): string {
  const at = value.toLowerCase().indexOf("boundary");
  return value.slice(0, at < 0 ? longestValue : Math.min(at, longestValue));
}

function authorTokens({ from, replyTo }: Headers, words: Words, set: TokenSet): void {
  for (const mailbox of from.slice(0, mostMailboxes)) {
    addressTokens(mailbox, authorAddress, authorDomain, set);
    words.read(mailbox.name, mostNameWords);
    set.addWords(words, authorName);
  }
  for (const mailbox of replyTo.slice(0, mostMailboxes)) addressTokens(mailbox, replyAddress, replyDomain, set);
}

function addressTokens({ address, domain, host }: Mailbox, whole: Mark, part: Mark, set: TokenSet): void {
  set.addMark(whole, address.toLowerCase().slice(0, longestAddress));
  set.addMark(part, domain === "" ? host.slice(0, longestAddress) : domain);
}

/** Programs make Message-IDs of one shape: digits and letters in the same order. */
function messageIdTokens(id: string | null, set: TokenSet): void {
  if (id === null) {
    set.addMark(idShape, "none");
    return;
  }
  const at = id.lastIndexOf("@");
  const left = id.slice(0, Math.max(0, Math.min(at, longestAddress)));
  set.addMark(
    idShape,
    left
      .replace(/\d+/g, "9")
      .replace(/[a-z]+/g, "a")
      .replace(/[A-Z]+/g, "A")
      .slice(0, 40),
  );
  set.addMark(idHost, id.slice(at + 1, at + 1 + longestAddress).toLowerCase());
}

/** The hosts that a mail came through. The client stands in the envelope now, and in a hop when the mail is reported. */
function hopTokens({ ip = "", hostname = "", helo = "" }: Envelope, hops: readonly Hop[], set: TokenSet): void {
  hostTokens(ip, hostname, helo, set);
  for (const hop of hops.slice(0, mostHops)) hostTokens(hop.ip, hop.rdns, hop.from, set);
}

function hostTokens(ip: string, hostname: string, helo: string, set: TokenSet): void {
  if (ip === "" || ownNetwork.test(ip)) return;
  for (const part of networksOf(ip)) set.addMark(network, part);
  if (hostname !== "") set.addMark(sendingDomain, lastLabels(hostname));
  if (helo !== "") set.addMark(greeting, lastLabels(helo));
}

/** The networks of 24 and 16 bits, or of 48 and 32. */
function networksOf(ip: string): readonly string[] {
  const separator = ip.includes(":") ? ":" : ".";
  const parts = ip.split(separator);
  return [parts.slice(0, 3).join(separator), parts.slice(0, 2).join(separator)];
}

function lastLabels(host: string): string {
  const labels = host.toLowerCase().slice(-longestAddress).replace(/\.$/, "").split(".");
  return labels.slice(-2).join(".");
}
