// Who handed the mail over, and whether that is who would: people's mail comes from servers with sound names, what infected
// machines send comes from customers' lines, and seldom by the servers of the free mailbox that it claims to be from.

import { type Border, borderOf } from "../../../shared/message/border.ts";
import { organisationalDomain } from "../../../shared/message/domain.ts";
import { lineWeight } from "../../../shared/message/generic-host.ts";
import { canonicalIp } from "../../../shared/message/ip.ts";
import type { Envelope, Facts, Headers, Hop } from "../../../shared/task.ts";
import { isFreemail } from "./hosts.ts";
import { climb, feature, ladder, type Marks, mark } from "./shape.ts";

/** From this weight on a name is that of a customer's line. */
const lineFrom = 3;
const line = ladder("client's name is that of a line", [
  [lineFrom, 1],
  [4, 0.4],
]);
const nameless = feature("client without a name", 0.5);
const heloAddress = feature("HELO is an address", 0.8);
const heloShort = feature("HELO is no full name", 0.6);
const heloBorrowed = feature("HELO of a free mailbox, and the name another's", 1);
const elsewhere = feature("free mailbox, by a server of others", 1);
const elsewhereNameless = feature("free mailbox, by one without a sound name", 0.6);
const direct = feature("mail program at home, no server in between", 0.8);
const relayed = feature("servers before the client's", -0.1);

/** Domains of the servers that send for a free mailbox, where they are not the mailbox's own. */
const homes: ReadonlyMap<string, readonly string[]> = new Map(
  [
    "gmail.com googlemail.com: google.com",
    "hotmail.com hotmail.co.uk hotmail.fr hotmail.de outlook.com live.com msn.com: hotmail.com outlook.com microsoft.com msn.com",
    "yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.it yahoo.es yahoo.ca yahoo.co.in yahoo.in ymail.com rocketmail.com: " +
      "yahoo.com yahoo.net yahoodns.net",
    "aol.com aim.com netscape.net: aol.com yahoo.com yahoodns.net",
    "gmx.com gmx.net gmx.de web.de mail.com email.com: gmx.net gmx.com gmx.de web.de kundenserver.de mail.com",
    "mail.ru bk.ru inbox.ru list.ru: mail.ru",
    "yandex.ru yandex.com: yandex.ru yandex.net yandex.com",
    "icloud.com me.com: apple.com icloud.com me.com",
    "qq.com 163.com 126.com: qq.com 163.com 126.com netease.com",
    "protonmail.com proton.me: protonmail.ch proton.me protonmail.com",
    "excite.com lycos.com juno.com rediffmail.com usa.com: excite.com lycos.com untd.com juno.com rediffmail.com usa.net",
  ].flatMap((line) => {
    const [boxes = "", servers = ""] = line.split(": ");
    return boxes.split(" ").map((box) => [box, servers.split(" ")] as const);
  }),
);

/** Programs on people's desks. Their servers put them in between. */
const desktop =
  /^(?:microsoft (?:office )?outlook|microsoft outlook express|outlook express|windows (?:live )?mail|mozilla|thunderbird|the bat|eudora|qualcomm|apple mail|foxmail|incredimail|pegasus|becky|opera)/i;

export function markWay(
  { headers, received, envelope }: Pick<Facts, "headers" | "received"> & { readonly envelope?: Envelope },
  marks: Marks,
): void {
  const border = borderOf(envelope, received);
  if (border === null || border.authenticated) return;
  markClient(border, marks);
  if (isFromElsewhere(headers, received, border)) {
    mark(marks, elsewhere);
    if (border.rdns === "" || lineWeight(border.rdns) >= lineFrom) mark(marks, elsewhereNameless);
  }
  if (border.before > 0) mark(marks, relayed);
  else if (isDesktop(headers)) mark(marks, direct);
}

function markClient({ rdns, helo }: Border, marks: Marks): void {
  climb(marks, line, Math.max(lineWeight(rdns), lineWeight(helo)));
  if (rdns === "") mark(marks, nameless);
  if (helo === "") return;
  if (canonicalIp(helo.replace(/^\[|\]$/g, "")) !== "") mark(marks, heloAddress);
  else if (!helo.includes(".")) mark(marks, heloShort);
  else if (rdns !== "") {
    const claimed = organisationalDomain(helo.toLowerCase());
    if (isFreemail(claimed) && organisationalDomain(rdns) !== claimed) mark(marks, heloBorrowed);
  }
}

/** Lists and forwarders write on behalf of others, and say so. */
const onBehalf = /^(?:list-|sender$|resent-|x-forwarded|mailing-list$|x-mailing-list$|x-beenthere$)/;

function isFromElsewhere({ from, fields }: Headers, received: readonly Hop[], { rdns }: Border): boolean {
  const servers = homes.get(from[0]?.domain ?? "");
  const client = organisationalDomain(rdns);
  if (servers === undefined || servers.includes(client)) return false;
  if (fields.some(({ key }) => onBehalf.test(key))) return false;
  // Who forwards all mail of a mailbox says nothing, but has it from where it should be from.
  return !received.some(
    (hop) => client === organisationalDomain(hop.by) && servers.includes(organisationalDomain(hop.rdns)),
  );
}

function isDesktop({ fields }: Headers): boolean {
  return fields.some(({ key, value }) => (key === "x-mailer" || key === "user-agent") && desktop.test(value));
}
