// Replies to clients that speak SpamAssassin's protocol or Rspamd's oldest one (R 1.3): Exim and spamc.

import { isSpam, type Verdict } from "../../shared/verdict.ts";
import { encodedSubject } from "./reply-v2.ts";

/** A line of the reply: what comes from mail or configuration must not begin another line. */
function line(text: string): string {
  return `${text.replace(/[\x00-\x1f\x7f]+/g, " ")}\r\n`;
}

function flagWord(verdict: Verdict): string {
  return isSpam(verdict.action) ? "True" : "False";
}

/** RSPAMC/1.x: score, threshold and a third number that is always 0, then a line for each symbol. */
export function replyRspamc(verdict: Verdict): string {
  const { score, required } = verdict;
  let text = "RSPAMD/1.3 0 EX_OK\r\n";
  text += line(`Metric: default; ${flagWord(verdict)}; ${score.toFixed(2)} / ${required.toFixed(2)} / 0.0`);
  text += line(`Action: ${verdict.action}`);
  if (verdict.subject !== undefined) text += line(`Subject: ${encodedSubject(verdict.subject)}`);
  for (const symbol of verdict.symbols) text += line(`Symbol: ${symbol.name}(${symbol.score.toFixed(2)})`);
  if (verdict.message !== undefined) text += line(`Message: ${verdict.message}`);
  text += line(`Message-ID: ${verdict.messageId === "" ? "undef" : verdict.messageId}`);
  return `${text}\r\n`;
}

/** SPAMC/1.x: the names of the symbols are the body. */
export function replySpamc(verdict: Verdict): string {
  const names = line(verdict.symbols.map(({ name }) => name).join(","));
  const spam = line(`Spam: ${flagWord(verdict)} ; ${verdict.score.toFixed(2)} / ${verdict.required.toFixed(2)}`);
  return `SPAMD/1.1 0 EX_OK\r\nContent-length: ${Buffer.byteLength(names)}\r\n${spam}\r\n${names}`;
}

/** A temporary failure (sysexits.h: EX_TEMPFAIL is 75), for both protocols. */
export function replySpamdFailure(protocol: "RSPAMC" | "SPAMC", text: string): string {
  const name = protocol === "RSPAMC" ? "RSPAMD/1.3" : "SPAMD/1.1";
  return `${line(`${name} 75 EX_TEMPFAIL ${text}`)}\r\n`;
}
