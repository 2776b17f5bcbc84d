// The reply to /check, /symbols and their kind, from before /checkv2 (R 1.3): the same data under "default".

import { isSpam, type SymbolResult, type Verdict } from "../../shared/verdict.ts";
import { numeral, quoteDeclared } from "./json.ts";
import { decision, findings, groups, milterBlock, type ReplyOptions, symbolTail } from "./reply-v2.ts";

/** Symbols stand beside the score, not under a key of their own. */
export function replyLegacy(verdict: Verdict, options: ReplyOptions): string {
  let json = `{"default":{"is_spam":${isSpam(verdict.action)},${decision(verdict)}`;
  for (const symbol of verdict.symbols) json += `,${symbolLegacy(symbol)}`;
  json += "}";
  if (options.groups) json += `,"groups":${groups(verdict)}`;
  return `${json}${findings(verdict, options)}${milterBlock(verdict.changes, "rmilter")}}`;
}

function symbolLegacy(symbol: SymbolResult): string {
  const name = quoteDeclared(symbol.name);
  return `${name}:{"name":${name},"score":${numeral(symbol.score)}${symbolTail(symbol)}}`;
}
