// Letters of swindlers: strangers who introduce themselves, blackmailers with a wallet.

import { defineCheck } from "../../shared/check.ts";
import { first } from "../../shared/message/header.ts";
import { bitcoinAddressIn } from "./bitcoin.ts";

/** Characters of a text that are looked at. */
const longest = 65_536;

const introduction =
  /\b(?:my name is\b|(?:i am|this is)\s{1,10}(?:mr|mrs|ms|miss|master|sir|prof(?:essor)?|d(?:octo)?r|rev(?:erend)?|barrister)\b)/i;

/** What blackmailers write about. */
const threat = /\b(?:victim|prey|webcam|mast[ur]{2}bati(?:on|ng)|onanism|solitary|pass(?:word|phrase)|wallet)\b/i;

export const scams = defineCheck({
  name: "CHECK_SCAMS",
  about: "Looks for the phrases of swindlers, and for wallets.",
  stage: "filter",
  group: "scams",
  reads: ["headers", "text", "html"],
  symbols: {
    INTRODUCTION: { score: 2, about: "The sender introduces himself." },
    BITCOIN_ADDR: { score: 0, about: "The text has a Bitcoin address whose checksum is right." },
    LEAKED_PASSWORD_SCAM_RE: { score: 0, about: "A Bitcoin address, and words or signs of blackmail." },
  },
  run(task, ctx) {
    let wallet = "";
    let threatens = false;
    for (const part of task.text) {
      const text = part.text.length > longest ? part.text.slice(0, longest) : part.text;
      if (introduction.test(text)) ctx.hit("INTRODUCTION");
      wallet ||= bitcoinAddressIn(text);
      threatens ||= wallet !== "" && threat.test(text);
    }
    if (wallet === "") return;
    ctx.hit("BITCOIN_ADDR", { options: [wallet] });
    const { headers } = task;
    const generated =
      first(headers, "list-unsubscribe") !== null || first(headers, "x-php-originating-script") !== null;
    const pictures = task.html.some((page) => page.images.some(({ src }) => src.startsWith("data:")));
    if (threatens || generated || pictures) ctx.hit("LEAKED_PASSWORD_SCAM_RE");
  },
});
