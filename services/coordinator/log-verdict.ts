// The one line that the log gets for each verdict. Never message content; addresses as the operator allows.

import type { Log } from "../../shared/log.ts";
import type { ScanRequest } from "../../shared/scan.ts";
import type { Verdict } from "../../shared/verdict.ts";
import type { Policy } from "./policy.ts";

export function logVerdict(log: Log, policy: Policy, request: ScanRequest, verdict: Verdict): void {
  if (!log.isLevelEnabled("info")) return;
  const { envelope } = request;
  const shown = policy.logAddresses ? (address: string) => address : domainOnly;
  log.info(
    {
      task: verdict.id,
      qid: envelope.queueId,
      ip: envelope.ip,
      user: envelope.user === undefined ? undefined : shown(envelope.user),
      from: envelope.from === undefined ? undefined : shown(envelope.from),
      rcpts: envelope.rcpts.slice(0, 10).map(shown),
      mid: verdict.messageId,
      size: verdict.size,
      action: verdict.action,
      score: verdict.score,
      required: verdict.required,
      by: verdict.decidedBy,
      symbols: verdict.symbols.map(({ name, score }) => `${name}(${score})`).join(","),
      failed: verdict.failed.length === 0 ? undefined : verdict.failed.map(({ check, code }) => `${check}:${code}`),
      ms: Math.round(verdict.elapsed * 10) / 10,
    },
    "verdict",
  );
}

/** "someone@example.org" becomes "@example.org"; what has no domain becomes "*". */
function domainOnly(address: string): string {
  const at = address.lastIndexOf("@");
  return at < 0 ? "*" : address.slice(at);
}
