// The bodies of /stat and /auth (R 1.5). Debian's `rspamc stat` and `uptime` print them: every key must be there.

import { spamActions } from "../../shared/verdict.ts";
import type { Gateway } from "./gateway.ts";
import { type Learned, totalOf } from "./learned.ts";
import { countedActions, sumOf } from "./totals.ts";
import { version } from "./version.ts";

/** Memory figures of Rspamd's own allocator, which have no meaning here. */
const noPools = {
  pools_allocated: 0,
  pools_freed: 0,
  bytes_allocated: 0,
  chunks_allocated: 0,
  shared_chunks_allocated: 0,
  chunks_freed: 0,
  chunks_oversized: 0,
  fragmented: 0,
};

function uptime(gateway: Gateway): number {
  return Math.floor((gateway.now() - gateway.record.started) / 1000);
}

export function statBody(gateway: Gateway, readOnly: boolean, learned: Learned): object {
  const { totals } = gateway.record;
  const actions = Object.fromEntries(countedActions.map((action) => [action, 0]));
  return {
    version,
    config_id: "",
    uptime: uptime(gateway),
    read_only: readOnly,
    scanned: totals.scanned,
    learned: totalOf(learned),
    actions: { ...actions, ...Object.fromEntries(totals.actions) },
    scan_times: totals.scanTimes,
    spam_count: sumOf(totals, ...spamActions),
    ham_count: sumOf(totals, "greylist", "no action"),
    connections: totals.requests.scan,
    control_connections: totals.requests.controller,
    ...noPools,
    total_learns: totalOf(learned),
    statfiles: statfilesOf(learned),
    fuzzy_hashes: {},
  };
}

export function authBody(gateway: Gateway, readOnly: boolean, learned: Learned): object {
  const { totals } = gateway.record;
  return {
    version,
    auth: "ok",
    uptime: uptime(gateway),
    clean: sumOf(totals, "no action"),
    probable: sumOf(totals, "add header", "rewrite subject"),
    greylist: sumOf(totals, "greylist"),
    reject: sumOf(totals, "reject"),
    soft_reject: sumOf(totals, "soft reject"),
    scanned: totals.scanned,
    learned: totalOf(learned),
    read_only: readOnly,
    config_id: "",
  };
}

/** One a label and actor, in the words of Rspamd's statistics. */
function statfilesOf(learned: Learned): object[] {
  return [...learned].flatMap(([actor, counts]) =>
    (["spam", "ham"] as const).map((label) => ({
      symbol: `${actor}_${label}`.toUpperCase(),
      type: "table",
      size: 0,
      used: 0,
      total: 0,
      revision: counts[label],
      languages: 0,
      users: 1,
    })),
  );
}
