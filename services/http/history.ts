// The last 200 verdicts, for /history (R 1.5).

import type { Scanned } from "../../shared/scan.ts";

const kept = 200;
/** Recipients shown of one message. */
const maxRcpts = 20;

export interface History {
  add(event: Scanned): void;
  /** Rows for JSON, the newest first; `from` and `to` count from 0, `to` -1 is the last. */
  list(from: number, to: number): readonly object[];
  reset(): void;
}

export function openHistory(): History {
  // Text, not objects: the strings of a verdict are slices that would keep whole messages in memory.
  let rows: string[] = [];
  return {
    add(event) {
      rows.push(JSON.stringify(rowOf(event)));
      if (rows.length > kept) rows.shift();
    },
    list: (from, to) =>
      rows
        .toReversed()
        .slice(from, to < 0 ? undefined : to + 1)
        .map((row) => JSON.parse(row)),
    reset() {
      rows = [];
    },
  };
}

function rowOf({ time, request, subject, verdict }: Scanned): object {
  const { envelope } = request;
  return {
    time: new Date(time).toISOString().slice(0, 19).replace("T", " "),
    unix_time: time / 1000,
    id: request.id,
    "message-id": verdict.messageId,
    ip: envelope.ip ?? "unknown",
    sender_smtp: envelope.from ?? "unknown",
    rcpt_smtp: envelope.rcpts.slice(0, maxRcpts),
    subject,
    action: verdict.action,
    score: verdict.score,
    required_score: verdict.required,
    symbols: Object.fromEntries(verdict.symbols.map(({ name, score, options }) => [name, { name, score, options }])),
    size: verdict.size,
    scan_time: verdict.elapsed / 1000,
    ...(envelope.user !== undefined && { user: envelope.user }),
  };
}
