// The last 200 verdicts, for /history (R 1.5).

import type { Scanned } from "../../shared/scan.ts";

const kept = 200;
/** Recipients shown of one message. */
const maxRcpts = 20;

/** A verdict as it is kept. */
export interface HistoryRow {
  /** ms since 1970. */
  readonly time: number;
  /** JSON. Text, not objects: the strings of a verdict are slices that would keep whole messages in memory. */
  readonly text: string;
}

export interface History {
  add(event: Scanned): void;
  /** Rows for JSON, the newest first; `from` and `to` count from 0, `to` -1 is the last. */
  list(from: number, to: number): readonly object[];
  /** What was added here since the last time, for other worker processes. */
  take(): readonly HistoryRow[];
  /** All rows, others' too. */
  all(): readonly HistoryRow[];
  /** Adds rows of another process. */
  absorb(rows: readonly HistoryRow[]): void;
  reset(): void;
}

export function openHistory(): History {
  let rows: HistoryRow[] = [];
  let fresh: HistoryRow[] = [];
  return {
    add(event) {
      const row = { time: event.time, text: JSON.stringify(rowOf(event)) };
      for (const to of [rows, fresh]) {
        to.push(row);
        if (to.length > kept) to.shift();
      }
    },
    list: (from, to) =>
      rows
        .toReversed()
        .slice(from, to < 0 ? undefined : to + 1)
        .map(({ text }) => JSON.parse(text)),
    take() {
      const taken = fresh;
      fresh = [];
      return taken;
    },
    all: () => [...rows],
    absorb(others) {
      rows = [...rows, ...others].sort((a, b) => a.time - b.time).slice(-kept);
    },
    reset() {
      rows = [];
      fresh = [];
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
