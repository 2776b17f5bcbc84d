// Received fields (RFC 5321, 4.4) as Postfix, Sendmail, Exim, qmail, Exchange, Google and others write them: clauses
// of a keyword and a value, with what the server noted on its own account in comments.

import type { Hop } from "../task.ts";
import { commentEnd, inside } from "./comment.ts";
import { parseDate } from "./date.ts";
import { canonicalIp } from "./ip.ts";

type Clause = "from" | "by" | "with" | "id" | "for" | "via";

/** The words of a field, and the comments that stand behind each clause's value. */
interface Clauses {
  readonly values: Readonly<Record<Clause, string>>;
  /** Comments before "by": what the server says of its client. */
  readonly client: readonly string[];
  readonly others: readonly string[];
  /** Text behind the last semicolon outside of comments. */
  readonly date: string;
}

function isClause(word: string): word is Clause {
  return word === "from" || word === "by" || word === "with" || word === "id" || word === "for" || word === "via";
}

function readClauses(text: string, depth: number, deep: () => void): Clauses {
  const values: Record<Clause, string> = { from: "", by: "", with: "", id: "", for: "", via: "" };
  const client: string[] = [];
  const others: string[] = [];
  let clause: Clause | "" = "";
  let date = "";
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 32 || code === 9) {
      at++;
      continue;
    }
    if (code === 40) {
      let end = commentEnd(text, at, depth, deep);
      if (end === -1) end = text.length;
      const comment = inside(text.slice(at, end));
      // Sendmail: "(from user@host) by ..." where no client was connected.
      if (values.by === "" && clause !== "by") client.push(comment);
      else others.push(comment);
      at = end;
      continue;
    }
    if (code === 59) {
      date = text.slice(at + 1).trim();
      clause = "";
      at++;
      if (text.indexOf(";", at) === -1) break;
      continue;
    }
    let end = at + 1;
    while (end < text.length) {
      const next = text.charCodeAt(end);
      if (next === 32 || next === 9 || next === 40 || next === 59) break;
      end++;
    }
    const word = text.slice(at, end);
    const lower = word.length <= 4 ? word.toLowerCase() : "";
    // A keyword opens its clause once; a second "from" is a value: "for a@b from c".
    if (isClause(lower) && values[lower] === "" && clause !== lower) clause = lower;
    else if (clause !== "" && values[clause] === "") values[clause] = word;
    else if (clause === "from" && word.startsWith("[")) client.push(word);
    else if (clause === "with") values.with += ` ${word}`;
    at = end;
  }
  return { values, client, others, date };
}

/** What a server knows about its client, from one comment: "(name [1.2.3.4])" and its many relatives. */
interface Client {
  ip: string;
  rdns: string;
  helo: string;
}

function hostOf(word: string): string {
  // Sendmail puts the ident user before the name, Google a dot behind it.
  const host = word.slice(word.lastIndexOf("@") + 1);
  return (host.endsWith(".") ? host.slice(0, -1) : host).toLowerCase();
}

/** An address in brackets, perhaps with a port behind: "[1.2.3.4]:25". */
function ipOf(word: string): string {
  const open = word.indexOf("[");
  if (open !== -1) {
    const close = word.indexOf("]", open);
    if (close !== -1) return canonicalIp(word.slice(open + 1, close));
  }
  const bare = word.slice(word.lastIndexOf("@") + 1);
  return bare.includes(".") || bare.includes(":") ? canonicalIp(bare) : "";
}

function readClient(comment: string, client: Client): void {
  const words = comment.split(" ", 12);
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const lower = word.toLowerCase();
    if (lower.startsWith("helo=")) client.helo ||= word.slice(5);
    else if (lower === "helo" || lower === "ehlo") client.helo ||= words[++at] ?? "";
    else if (lower === "account") at++;
    else if (client.ip === "" && ipOf(word) !== "") client.ip = ipOf(word);
    // A single word is a name only when it looks like one: "(Postfix)", "(authenticated)" are none.
    else if (client.rdns === "" && at === 0 && (words.length > 1 ? !word.includes("=") : word.includes("."))) {
      if (isName(word)) client.rdns = hostOf(word);
    }
  }
}

/** Words that open comments without being names of hosts. */
const noNames = new Set([
  "unknown",
  "unverified",
  "using",
  "authenticated",
  "may",
  "no",
  "from",
  "envelope-from",
  "misconfigured",
  "not",
]);

/** Whether a word can be the name of a host, perhaps with an ident user before it: "IDENT:root@mail.example.org". */
function isName(word: string): boolean {
  if (word.startsWith("IDENT:")) return word.indexOf("@") > 0;
  return /^[\w@.:+-]+$/.test(word) && !noNames.has(word.toLowerCase());
}

/** RFC 3848: the S of a protocol says TLS, the A says that the client logged in. RFC 6531 and 6710 add UTF8 forms. */
const secure = new Set([
  "ESMTPS",
  "ESMTPSA",
  "SMTPS",
  "LMTPS",
  "LMTPSA",
  "HTTPS",
  "UTF8SMTPS",
  "UTF8SMTPSA",
  "UTF8LMTPS",
  "UTF8LMTPSA",
]);
const login = new Set([
  "ESMTPA",
  "ESMTPSA",
  "LMTPA",
  "LMTPSA",
  "ASMTP",
  "UTF8SMTPA",
  "UTF8SMTPSA",
  "UTF8LMTPA",
  "UTF8LMTPSA",
]);

/** Most comments say nothing of TLS and login; one look rules them out. */
const telling = /tls|ssl|cipher|crypt|auth|account/i;
const tlsNote = /\b(?:using TLS|TLS ?v?\d|TLS1[._]|version=TLS|version=SSL|SSLv\d|encrypted|cipher[= ])/i;
const loginNote =
  /\bauthenticated (?:sender|user|bits)|\(?authenticated\)?$|\bauth=(?!none|fail)|^account \S|\bsmtp-?auth\b/i;

/** The protocol of a "with" clause; Exchange puts its own name before it. */
function protocolOf(words: string): string {
  const [word = "", next = ""] = words.toUpperCase().split(" ", 2);
  return word === "MICROSOFT" && next.startsWith("SMTP") ? "SMTP" : word;
}

/** One hop. `text` is the unfolded value of the field; anything at all may stand there. */
export function parseReceived(text: string, depth: number, deep: () => void): Hop {
  const { values, client: comments, others, date } = readClauses(text, depth, deep);
  const client: Client = { ip: "", rdns: "", helo: "" };
  if (values.from !== "") for (const comment of comments) readClient(comment, client);
  let from = values.from;
  const ip = client.ip || ipOf(from);
  // qmail and Exim name the client by its reverse name and put the HELO into the comment.
  let rdns = client.rdns;
  if (client.helo !== "") {
    const name = ipOf(from) === "" && from.toLowerCase() !== "unknown" ? hostOf(from) : "";
    rdns = name || rdns;
    from = client.helo;
  }
  const protocol = protocolOf(values.with);
  let tls = secure.has(protocol);
  let authenticated = login.has(protocol);
  for (const list of [comments, others]) {
    for (const comment of list) {
      if (!telling.test(comment)) continue;
      tls ||= tlsNote.test(comment);
      authenticated ||= loginNote.test(comment);
    }
  }
  return {
    from: stripped(from),
    rdns,
    ip,
    by: stripped(values.by).toLowerCase(),
    with: protocol,
    id: stripped(values.id),
    for: stripped(values.for),
    time: date === "" ? null : parseDate(withoutTail(date)),
    tls,
    authenticated,
  };
}

/** Without the brackets around addresses. */
function stripped(word: string): string {
  if (word.startsWith("<")) return word.replace(/^<|>[,;]?$/g, "");
  return word.endsWith(",") ? word.slice(0, -1) : word;
}

/** A date without the comment that names its zone. */
function withoutTail(date: string): string {
  const open = date.indexOf("(");
  return open === -1 ? date : date.slice(0, open).trimEnd();
}
