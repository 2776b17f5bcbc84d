// The Message-ID header (RFC 5322, 3.6.4), against the author and the recipients.

import { type Context, defineCheck } from "../../shared/check.ts";
import { organisationalDomain } from "../../shared/message/domain.ts";
import { first } from "../../shared/message/header.ts";
import type { Headers } from "../../shared/task.ts";

const symbols = {
  INVALID_MSGID: { score: 1.7, about: "The Message-ID has not the form <left@right>.", group: "headers" },
  MID_MISSING_BRACKETS: { score: 0.5, about: "The Message-ID has no angle brackets." },
  MID_BARE_IP: { score: 2, about: "The right side of the Message-ID is an IP address without brackets." },
  MID_RHS_IP_LITERAL: { score: 0.5, about: "The right side of the Message-ID is an IP address in brackets." },
  MID_RHS_NOT_FQDN: { score: 0.5, about: "The right side of the Message-ID is no full host name." },
  MID_RHS_WWW: { score: 0.5, about: "The Message-ID was made on a host called www.", group: "compromised_hosts" },
  MID_CONTAINS_FROM: { score: 1, about: "The Message-ID contains the author's address." },
  MID_RHS_MATCH_FROM: { score: 0, about: "The right side of the Message-ID is the author's host." },
  MID_RHS_MATCH_FROMTLD: { score: 0, about: "The right side of the Message-ID is of the author's domain." },
  MID_CONTAINS_TO: { score: 1, about: "The Message-ID contains a recipient's address." },
  MID_RHS_MATCH_TO: { score: 1, about: "The right side of the Message-ID is a recipient's host." },
  MID_END_EQ_FROM_USER_PART: {
    score: 4,
    about: "The right side of the Message-ID is the author's user part.",
    group: "mid",
  },
};
type Ctx = Context<keyof typeof symbols, never, unknown>;

/** Longer ones are not compared: no server makes them. */
const longest = 998;
const wellFormed = /^<[^<>\\ \t@\u0080-\uffff]+@[^<>\\ \t@\u0080-\uffff]+>$/;
/** RFC 5322, 3.6.4: comments may stand around it, and not within. */
const comments = /^(?:\([^()]*\)\s{0,8}){1,4}|(?:\s{0,8}\([^()]*\)){1,4}$/g;

function checkForm(value: string, ctx: Ctx): void {
  if (!value.startsWith("<") && !value.endsWith(">")) ctx.hit("MID_MISSING_BRACKETS");
  if (!wellFormed.test(value)) ctx.hit("INVALID_MSGID");
}

function checkRight(right: string, ctx: Ctx): void {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(right)) ctx.hit("MID_BARE_IP");
  else if (right.startsWith("[") && right.endsWith("]")) ctx.hit("MID_RHS_IP_LITERAL");
  else if (!right.includes(".")) ctx.hit("MID_RHS_NOT_FQDN");
  else if (right.startsWith("www.")) ctx.hit("MID_RHS_WWW");
}

function compareWithFrom(id: string, right: string, headers: Headers, ctx: Ctx): void {
  const author = headers.from[0];
  if (author === undefined || author.user === "" || author.host === "") return;
  const user = author.user.toLowerCase();
  if (id.includes(`${user}@${author.host}`)) ctx.hit("MID_CONTAINS_FROM");
  else if (right === author.host) ctx.hit("MID_RHS_MATCH_FROM");
  else if (author.domain !== "" && organisationalDomain(right) === author.domain) ctx.hit("MID_RHS_MATCH_FROMTLD");
  if (right === user) ctx.hit("MID_END_EQ_FROM_USER_PART");
}

/** Says nothing where author and recipient share a host: there any host of theirs is the right one. */
function compareWithTo(id: string, right: string, headers: Headers, ctx: Ctx): void {
  const own = headers.from[0]?.host;
  for (const { user, host } of headers.to) {
    if (user === "" || host === "" || host === own) continue;
    if (id.includes(`${user.toLowerCase()}@${host}`)) ctx.hit("MID_CONTAINS_TO");
    else if (right === host) ctx.hit("MID_RHS_MATCH_TO");
    else continue;
    return;
  }
}

export const messageId = defineCheck({
  name: "CHECK_MID",
  about: "Looks at the form of the Message-ID and at the host that made it.",
  stage: "filter",
  group: "Message ID",
  reads: ["headers"],
  symbols,
  run(task, ctx) {
    const field = first(task.headers, "message-id");
    if (field === null) return;
    const text = field.value.slice(0, longest);
    const value = text.includes("(") ? text.replace(comments, "") : text;
    checkForm(value, ctx);
    const id = value.replace(/^<|>$/g, "").toLowerCase();
    const at = id.lastIndexOf("@");
    if (at === -1) return;
    const right = id.slice(at + 1);
    checkRight(right, ctx);
    if (right === "") return;
    compareWithFrom(id, right, task.headers, ctx);
    compareWithTo(id, right, task.headers, ctx);
  },
});
