// Mail programs against the Message-IDs that they make. The form belongs to the program: one that looks right and
// cannot be (no such time, digits that chance never gives) is forged for sure, another form is odd.

import { type Context, defineCheck } from "../../shared/check.ts";
import { mailerName } from "./mailer-name.ts";
import { isServerForm } from "./message-id-forms.ts";

const symbols = {
  FORGED_MUA_THEBAT_MSGID: { score: 4, about: "Claims The Bat!, and its Message-ID has a time that cannot be." },
  FORGED_MUA_THEBAT_MSGID_UNKNOWN: { score: 3, about: "Claims The Bat!, and its Message-ID has another form." },
  FORGED_MUA_KMAIL_MSGID_UNKNOWN: { score: 2.5, about: "Claims KMail, and its Message-ID has another form." },
  FORGED_MUA_OPERA_MSGID: { score: 4, about: "Claims Opera, and its Message-ID has another form." },
  FORGED_MUA_MOZILLA_MAIL_MSGID: { score: 4, about: "Claims Mozilla, and its Message-ID cannot be Mozilla's." },
  FORGED_MUA_MOZILLA_MAIL_MSGID_UNKNOWN: { score: 2.5, about: "Claims Mozilla, and its Message-ID has another form." },
  FORGED_MUA_THUNDERBIRD_MSGID: { score: 4, about: "Claims Thunderbird, and its Message-ID cannot be Thunderbird's." },
  FORGED_MUA_THUNDERBIRD_MSGID_UNKNOWN: {
    score: 2.5,
    about: "Claims Thunderbird, and its Message-ID has another form.",
  },
  FORGED_MUA_SEAMONKEY_MSGID: { score: 4, about: "Claims SeaMonkey, and its Message-ID cannot be SeaMonkey's." },
  FORGED_MUA_SEAMONKEY_MSGID_UNKNOWN: { score: 2.5, about: "Claims SeaMonkey, and its Message-ID has another form." },
  FORGED_MUA_POSTBOX_MSGID: { score: 4, about: "Claims Postbox, and its Message-ID cannot be Postbox's." },
  FORGED_MUA_POSTBOX_MSGID_UNKNOWN: { score: 2.5, about: "Claims Postbox, and its Message-ID has another form." },
};
type Symbol = keyof typeof symbols;

/** Mail programs that share a way to make Message-IDs. */
interface Maker {
  /** What looks like theirs. */
  readonly form: readonly RegExp[];
  /** What of it is theirs in every digit; absent: all of it. */
  readonly exact?: readonly RegExp[];
}

/** A UUID, as Thunderbird makes them since version 38. */
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}@/i;

const gecko: Maker = {
  // Unix time in hex, and a number of which every second hex digit is masked out.
  form: [/^[0-9a-f]{8}\.[0-9a-f]{1,8}@/i, uuid],
  exact: [/^[3-9A-F][0-9A-F]{7}\.(?:[0-9A-F]0){0,3}[0-9A-F]@/, uuid],
};
const theBat: Maker = {
  // A number, and the local time to the second.
  form: [/^\d{1,12}\.\d{14}@/],
  exact: [/^\d{1,12}\.(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])(?:[0-5]\d){2}@/],
};
const opera: Maker = { form: [/^op[a-z0-9]?\.?[a-z0-9]{8,24}@/] };
const kmail: Maker = {
  // Time to the minute, a number, perhaps the user; before version 1.3 with two more digits; since 4.5 a number and ten
  // letters.
  form: [/^\d{12}\.\d{1,6}(?:\.[^\s@]+)?@/, /^[0-9A-F]{14}\.\d{1,6}@/, /^\d{1,12}\.[0-9A-Za-z]{10}@/],
};

interface Program {
  /** How its name starts. */
  readonly starts: readonly string[];
  /** What stands behind "Mozilla/5.0", when it starts so. */
  readonly holds?: string;
  readonly maker: Maker;
  readonly impossible?: Symbol;
  readonly unknown?: Symbol;
}

const mozilla = "Mozilla/5.0 ";

/** The first whose name fits is it: all of the Gecko family start alike. */
const programs: readonly Program[] = [
  {
    starts: ["The Bat!"],
    maker: theBat,
    impossible: "FORGED_MUA_THEBAT_MSGID",
    unknown: "FORGED_MUA_THEBAT_MSGID_UNKNOWN",
  },
  { starts: ["KMail"], maker: kmail, unknown: "FORGED_MUA_KMAIL_MSGID_UNKNOWN" },
  { starts: ["Opera7", "Opera Mail/", "Opera M2/"], maker: opera, unknown: "FORGED_MUA_OPERA_MSGID" },
  {
    starts: ["Thunderbird ", "Mozilla Thunderbird"],
    holds: "Thunderbird/",
    maker: gecko,
    impossible: "FORGED_MUA_THUNDERBIRD_MSGID",
    unknown: "FORGED_MUA_THUNDERBIRD_MSGID_UNKNOWN",
  },
  {
    starts: [],
    holds: "SeaMonkey/",
    maker: gecko,
    impossible: "FORGED_MUA_SEAMONKEY_MSGID",
    unknown: "FORGED_MUA_SEAMONKEY_MSGID_UNKNOWN",
  },
  {
    starts: ["Postbox "],
    holds: "Postbox/",
    maker: gecko,
    impossible: "FORGED_MUA_POSTBOX_MSGID",
    unknown: "FORGED_MUA_POSTBOX_MSGID_UNKNOWN",
  },
  {
    starts: [],
    holds: "Gecko/",
    maker: gecko,
    impossible: "FORGED_MUA_MOZILLA_MAIL_MSGID",
    unknown: "FORGED_MUA_MOZILLA_MAIL_MSGID_UNKNOWN",
  },
];

function programOf(mailer: string): Program | undefined {
  if (!/^[KMOPT]/.test(mailer)) return undefined;
  const gecko = mailer.startsWith(mozilla);
  return programs.find(
    ({ starts, holds }) =>
      starts.some((start) => mailer.startsWith(start)) || (gecko && holds !== undefined && mailer.includes(holds)),
  );
}

/** Message-IDs are no longer. */
const longest = 998;

function compare(program: Program, id: string, ctx: Context<Symbol, never, unknown>): void {
  const { form, exact } = program.maker;
  const options = { options: [id.slice(id.lastIndexOf("@") + 1, longest)] };
  if (!form.some((one) => one.test(id))) {
    if (program.unknown !== undefined && !isServerForm(id)) ctx.hit(program.unknown, options);
  } else if (exact !== undefined && program.impossible !== undefined && !exact.some((one) => one.test(id))) {
    ctx.hit(program.impossible, options);
  }
}

export const forgedMailer = defineCheck({
  name: "CHECK_FORGED_MAILER",
  about: "Compares the form of the Message-ID with the mail program.",
  stage: "filter",
  group: "mua",
  reads: ["headers"],
  symbols,
  run(task, ctx) {
    const id = task.headers.messageId;
    if (id === null || id === "") return;
    const mailer = mailerName(task.headers);
    if (mailer === "") return;
    const program = programOf(mailer);
    if (program !== undefined) compare(program, id.slice(0, longest), ctx);
  },
});
