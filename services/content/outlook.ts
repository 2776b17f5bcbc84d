// Mail that claims to come from Outlook, Outlook Express or a Microsoft server, and lacks what these write.

import { defineCheck } from "../../shared/check.ts";
import { count, first } from "../../shared/message/header.ts";
import type { Headers, Html, Part } from "../../shared/task.ts";
import { yearsApart } from "./file-time.ts";
import { mailerName } from "./mailer-name.ts";
import { dollars, dollarsTime, isOutlookForm, isReplaced } from "./message-id-forms.ts";

const outlook = /^Microsoft (?:Office )?Outlook\b/;
/** For Mac, and as a service: other programs under the same name. */
const otherOutlook = /Mac|CTM|Outlook\.com/;
/** Versions that make their Message-IDs with dollar signs, and no other way. */
const dollarVersions = /^Microsoft Outlook(?: Express [456]\.| 8\.| CWS, Build 9\.|, Build 1[01]\.)/;
/** From Outlook 2010 on there is no X-MimeOLE; 2007 and later set X-MSMail-Priority without it too. */
const withoutMimeOle = /^Microsoft (?:Office )?Outlook,? (?:Build )?1[2-9]\./;
/** Programs that imitate X-MSMail-Priority, and openly so. */
const imitators = /SquirrelMail|Android|^MailEnable|^Zimbra|IncrediMail/i;

/** Clocks may be wrong, and drafts may lie; for so many years they do not. */
const mostYears = 1;

/** Whether the Message-ID has Outlook's form and a time in it that is not that of the mail. */
function hasWrongTime(id: string, date: number | null): boolean {
  const time = dollarsTime.exec(id)?.[1];
  return time !== undefined && date !== null && yearsApart(time, date) > mostYears;
}

/** Yahoo Groups and other list servers rebuild the parts. */
function isRebuilt(headers: Headers): boolean {
  return headers.fields.some(
    ({ key, value }) =>
      key === "list-id" || key === "mailing-list" || (key === "received" && /\bgrp\.\S+\.yahoo\.com/.test(value)),
  );
}

function isHtmlOnly(parts: readonly Part[]): boolean {
  let html = false;
  for (const { type } of parts) {
    if (type === "text/html") html = true;
    else if (type === "text/plain") return false;
  }
  return html;
}

const frame = ["html", "head", "meta", "body"];

function lacksFrame(html: readonly Html[]): boolean {
  return html.some(({ tags }) => !frame.every((tag) => tags.includes(tag)));
}

function passed(headers: Headers, server: RegExp): boolean {
  return headers.fields.some(({ key, value }) => key === "received" && server.test(value));
}

export const forgedOutlook = defineCheck({
  name: "CHECK_OUTLOOK",
  about: "Looks for what Outlook and Microsoft's servers write, in mail that claims to be theirs.",
  stage: "filter",
  group: "headers",
  reads: ["headers", "structure", "html"],
  symbols: {
    FORGED_OUTLOOK_HTML: { score: 5, about: "Claims Outlook, and is HTML without the plain text that Outlook adds." },
    FORGED_OUTLOOK_TAGS: { score: 2.1, about: "Claims Outlook, and its HTML has no html, head, meta or body." },
    FORGED_MUA_OUTLOOK: {
      score: 3,
      about: "Claims Outlook, and the Message-ID is in none of its forms, or tells another time.",
      group: "mua",
    },
    MISSING_MIMEOLE: { score: 2, about: "There is an X-MSMail-Priority without the X-MimeOLE that goes with it." },
    RATWARE_MS_HASH: { score: 2, about: "A Message-ID in Outlook's form, and neither Outlook nor Exchange around it." },
    FORGED_IMS: { score: 3, about: "Claims Internet Mail Service, and has passed no such server." },
  },
  run(task, ctx) {
    const { headers, structure, html } = task;
    const id = headers.messageId ?? "";
    const mailer = mailerName(headers);
    const hasMimeOle = first(headers, "x-mimeole") !== null;
    const recent = withoutMimeOle.test(mailer);

    if (first(headers, "x-msmail-priority") !== null && !hasMimeOle && !recent && !imitators.test(mailer)) {
      ctx.hit("MISSING_MIMEOLE");
    }
    if (id.includes("$") && dollars.test(id)) {
      const wrong = hasWrongTime(id, headers.date);
      if (wrong && outlook.test(mailer)) ctx.hit("FORGED_MUA_OUTLOOK", { options: ["time"] });
      // Outlook wrote X-MimeOLE until 2007, but where Exchange sent for it, which tells by Received, and by a true time.
      const exchange = !wrong && passed(headers, /\bMicrosoft (?:Exchange|SMTPSVC)|\bMAPI\b/);
      if (!hasMimeOle && !recent && !exchange) ctx.hit("RATWARE_MS_HASH");
    }
    if (!mailer.startsWith("Microsoft ")) {
      if (mailer.startsWith("Internet Mail Service") && !passed(headers, /\bInternet Mail Service\b/)) {
        if (count(headers, "received") > 0) ctx.hit("FORGED_IMS");
      }
      return;
    }
    if (!outlook.test(mailer) || otherOutlook.test(mailer)) return;
    // These never send without: one that a server had to add shows that it was another program.
    if (dollarVersions.test(mailer) && id !== "" && !isOutlookForm(id) && !isReplaced(id)) {
      ctx.hit("FORGED_MUA_OUTLOOK");
    }
    if (html.length === 0 || isRebuilt(headers)) return;
    if (isHtmlOnly(structure.parts)) ctx.hit("FORGED_OUTLOOK_HTML");
    if (lacksFrame(html)) ctx.hit("FORGED_OUTLOOK_TAGS");
  },
});
