// What the name of the mail program says: programs that never write that header, programs that nobody has run for
// years, and those that are worth knowing.

import { defineCheck } from "../../shared/check.ts";
import { first } from "../../shared/message/header.ts";
import { mailerName } from "./mailer-name.ts";

/** Programs that name themselves in User-Agent only, services that name nothing or are gone, and the header's own name. */
const neverInXMailer =
  /^(?:mozilla\/5|(?:mozilla )?thunderbird|mutt\/|gnus\/|kontact\/|hotmail|g-?mail\b|yahoo! ?mail$|egroups\b|x-mailer:)/i;
/** Phones name the build of their system, and nothing else. */
const phone = /^i(?:Phone|Pad|Pod) Mail\b/;
const realPhone = /^i(?:Phone|Pad|Pod) Mail \(\d{1,2}[A-Z]\d{1,5}[a-z]?\)$/;

/** Programs of the past and the year in which their successor was out everywhere. */
const abandoned: readonly (readonly [RegExp, number])[] = [
  [/^Microsoft Outlook Express [45]\./, 2002],
  [/^Microsoft Outlook Express/, 2007],
  [/^Microsoft Outlook(?: 8| CWS,| IMO,)/, 2002],
  [/^Microsoft Outlook, Build 1[01]\./, 2008],
  [/^Microsoft Windows Mail 6\./, 2012],
  [/^Internet Mail Service \(5\./, 2004],
  [/^QUALCOMM Windows Eudora/, 2008],
  [/^Mozilla [1-4]\./, 2002],
  [/^The Bat! \(v[12]\./, 2006],
  [/^Opera ?[5-7]/, 2005],
  [/^AOL [3-9]\./, 2010],
  [/^i(?:Phone|Pad|Pod) Mail \([1-8][A-Z]/, 2013],
  [/^(?:Calypso|Foxmail [1-5]\.|Pegasus Mail for Win32|IncrediMail)/, 2010],
];
/** Some people keep a program for long. */
const graceYears = 8;

function isAbandoned(mailer: string, date: number): boolean {
  const year = new Date(date).getUTCFullYear();
  for (const [name, gone] of abandoned) if (year > gone + graceYears && name.test(mailer)) return true;
  return false;
}

const marks = [
  ["APPLE_MAILER", /^Apple Mail \(/],
  ["APPLE_IOS_MAILER", /^(?:iPhone|iPad|iPod) Mail \(/],
  ["MAIL_RU_MAILER", /^Mail\.Ru Mailer \d/],
  ["YANDEX_RU_MAILER", /^Yamail \[/],
  ["MAILER_1C_8", /^1C:Enterprise 8\./],
] as const;

/** Headers of Interspire, a program for bulk mail that is sold and copied. */
const interspire = ["x-mailer-lid", "x-mailer-recptid", "x-mailer-sid", "x-mailer-sent-by"];
const interspireLink = /\bunsubscribe\.php\?M=[^&\s]{1,99}&C=[^&\s]{1,99}&L=[^&\s]{1,99}&N=/;

export const mailers = defineCheck({
  name: "CHECK_MAILERS",
  about: "Looks at the name of the mail program.",
  stage: "filter",
  group: "headers",
  reads: ["headers"],
  symbols: {
    FORGED_X_MAILER: { score: 4.5, about: "X-Mailer names a program or service that never writes this header." },
    OLD_X_MAILER: { score: 2, about: "The mail program was given up many years before the mail was written." },
    CD_MM_BODY: {
      score: 2,
      about: 'The Content-Description is "Mail message body", and the mail program not Pegasus, which writes it.',
    },
    MISSING_XM_UA: { score: 0, about: "No header names the mail program." },
    XM_UA_NO_VERSION: { score: 0.01, about: "The name of the mail program has no version.", group: "experimental" },
    APPLE_MAILER: { score: 0, about: "Sent with Apple Mail." },
    APPLE_IOS_MAILER: { score: 0, about: "Sent with Apple Mail on a phone or tablet." },
    MAIL_RU_MAILER: { score: 0, about: "Sent with the webmail of Mail.ru." },
    YANDEX_RU_MAILER: { score: 0, about: "Sent with the webmail of Yandex." },
    MAILER_1C_8: { score: 0, about: "Sent by 1C:Enterprise 8." },
    HAS_INTERSPIRE_SIG: { score: 1, about: "Sent with Interspire Email Marketer or a copy of it." },
  },
  run(task, ctx) {
    const { headers } = task;
    const unsubscribe = first(headers, "list-unsubscribe")?.value ?? "";
    if (
      (unsubscribe.includes("unsubscribe.php") && interspireLink.test(unsubscribe)) ||
      interspire.every((key) => first(headers, key) !== null)
    ) {
      ctx.hit("HAS_INTERSPIRE_SIG");
    }
    const mailer = mailerName(headers);
    const description = first(headers, "content-description")?.value ?? "";
    if (/^mail message body$/i.test(description) && !mailer.startsWith("Pegasus Mail")) ctx.hit("CD_MM_BODY");
    if (mailer === "") {
      ctx.hit("MISSING_XM_UA");
      return;
    }
    if (!/\d/.test(mailer)) ctx.hit("XM_UA_NO_VERSION");
    if (neverInXMailer.test(mailer) || (phone.test(mailer) && !realPhone.test(mailer))) {
      if (first(headers, "x-mailer")?.value.startsWith(mailer)) ctx.hit("FORGED_X_MAILER");
    }
    // The date that a mail claims: an old mail that is scanned again is not held against its program.
    if (isAbandoned(mailer, headers.date ?? ctx.now)) ctx.hit("OLD_X_MAILER");
    for (const [symbol, name] of marks) if (name.test(mailer)) ctx.hit(symbol);
  },
});
