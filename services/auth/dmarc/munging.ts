// Mail to a mailing list of this site: the list changes it and sends it on, and then it fails the policy of its author's
// domain. So the list becomes the author, and the author stands in Reply-To (RFC 7960, 4.1.3.2).

import { defineCheck } from "../../../shared/check.ts";
import { type DmarcConfig, dmarcConfig } from "../../../shared/dmarc/config.ts";
import { addressMap, lookUpAddress } from "../../../shared/map/live-map.ts";
import { encodePhrase } from "../../../shared/message/encode-phrase.ts";
import type { Headers, Mailbox } from "../../../shared/task.ts";
import type { Changes } from "../../../shared/verdict.ts";
import type { DmarcFinding } from "./finding.ts";

declare module "../../../shared/check.ts" {
  interface Findings {
    DMARC_MUNGE_CHECK: Finding;
  }
}

/** Recipients that are looked up, and addresses that stay in Reply-To. */
const mostRecipients = 200;
const mostReplies = 20;

export const dmarcMunge = defineCheck({
  name: "DMARC_MUNGE_CHECK",
  about: "Makes a mailing list of this site the author of mail to it.",
  stage: "filter",
  group: "policies",
  reads: ["headers"],
  needs: ["DMARC_CHECK"],
  config: dmarcConfig,
  symbols: {
    DMARC_MUNGED: {
      score: 0,
      about: "The author was replaced by the mailing list, so that it may send the message on.",
    },
  },
  configured({ dmarc }) {
    const { entries, files } = dmarc.munging.list_map;
    return dmarc.enabled && entries.length + files.length > 0 ? {} : null;
  },
  run({ headers }, ctx) {
    const { munging } = ctx.config.dmarc;
    if (!isMeant(munging, ctx.finding("DMARC_CHECK"))) return undefined;
    const lists = addressMap(munging.list_map);
    for (const problem of lists.takeProblems()) ctx.log.warn({ problem }, "dmarc.munging.list_map");
    const [author] = headers.from;
    const recipients = [...headers.to, ...headers.cc].slice(0, mostRecipients);
    const list = recipients.find((box) => isPlain(box) && lookUpAddress(lists, box.address) !== undefined);
    if (author === undefined || list === undefined || !isPlain(author)) return undefined;
    ctx.hit("DMARC_MUNGED", { options: [author.address] });
    return { changes: changesFor(headers, author, list, munging.reply_goes_to_list) };
  },
});

function isMeant(munging: DmarcConfig["munging"], finding: DmarcFinding | undefined): boolean {
  if (finding === undefined) return false;
  const { result, policy } = finding;
  if (munging.mitigate_strict_only && policy !== "reject" && policy !== "quarantine") return false;
  return result === "pass" || (result === "fail" && !munging.mitigate_allow_only);
}

/** Whether it can stand in a header as it is. */
function isPlain({ valid, address }: Mailbox): boolean {
  return valid && /^[\x21-\x7e]+$/.test(address);
}

function changesFor({ replyTo }: Headers, author: Mailbox, list: Mailbox, repliesToList: boolean): Partial<Changes> {
  const via = `${author.name === "" ? author.user : author.name} via ${list.user}`;
  const replies = replyTo.filter(isPlain).slice(0, mostReplies);
  const addresses = new Set([...replies, repliesToList ? list : author].map(({ address }) => `<${address}>`));
  const name = author.name === "" ? "" : `${encodePhrase(author.name, "X-Original-From: ".length)} `;
  return {
    removeHeaders: [
      { name: "From", index: 0 },
      { name: "Reply-To", index: 0 },
    ],
    addHeaders: [
      { name: "From", value: `${encodePhrase(via, "From: ".length)} <${list.address}>`, order: 1 },
      { name: "Reply-To", value: [...addresses].join(",\n "), order: 1 },
      { name: "X-Original-From", value: `${name}<${author.address}>`, order: 1 },
    ],
  };
}
