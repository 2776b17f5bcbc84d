// The last 200 verdicts, for /history (R 1.5).

import type { Scanned } from "../../shared/scan.ts";
import type { SymbolResult } from "../../shared/verdict.ts";

const kept = 200;
/** Recipients shown of one message. */
const maxRcpts = 20;

interface Row {
  readonly time: number;
  readonly request: Scanned["request"];
  readonly subject: string;
  readonly action: string;
  readonly score: number;
  readonly required: number;
  readonly symbols: readonly SymbolResult[];
  readonly messageId: string;
  readonly size: number;
  readonly elapsed: number;
}

export interface History {
  add(event: Scanned): void;
  /** Rows for JSON, the newest first; `from` and `to` count from 0, `to` -1 is the last. */
  list(from: number, to: number): readonly object[];
  reset(): void;
}

export function openHistory(): History {
  let rows: Row[] = [];
  return {
    add({ time, request, subject, verdict }) {
      const { action, score, required, symbols, messageId, size, elapsed } = verdict;
      rows.push({ time, request, subject, action, score, required, symbols, messageId, size, elapsed });
      if (rows.length > kept) rows.shift();
    },
    list: (from, to) =>
      rows
        .toReversed()
        .slice(from, to < 0 ? undefined : to + 1)
        .map(printRow),
    reset() {
      rows = [];
    },
  };
}

function printRow(row: Row): object {
  const { envelope } = row.request;
  return {
    time: new Date(row.time).toISOString().slice(0, 19).replace("T", " "),
    unix_time: row.time / 1000,
    id: row.request.id,
    "message-id": row.messageId,
    ip: envelope.ip ?? "unknown",
    sender_smtp: envelope.from ?? "unknown",
    rcpt_smtp: envelope.rcpts.slice(0, maxRcpts),
    subject: row.subject,
    action: row.action,
    score: row.score,
    required_score: row.required,
    symbols: Object.fromEntries(row.symbols.map(({ name, score, options }) => [name, { name, score, options }])),
    size: row.size,
    scan_time: row.elapsed / 1000,
    ...(envelope.user !== undefined && { user: envelope.user }),
  };
}
