// What /metrics prints: Rspamd's names (R 1.7) for what both have, our own for the rest.

import type { CheckDnsUse } from "../../shared/dns/dns.ts";
import { type Counter, durationBounds, openRegistry, type Registry } from "../../shared/metrics.ts";
import type { Scanned } from "../../shared/scan.ts";
import { spamActions } from "../../shared/verdict.ts";
import { ByCheck } from "./by-check.ts";
import { countedActions } from "./totals.ts";
import { version } from "./version.ts";

export interface GatewayMetrics {
  readonly registry: Registry;
  add(event: Scanned): void;
  /** A lesson was taken. */
  addLesson(): void;
}

const cutSymbols: ReadonlySet<string> = new Set(["REGEXP_TIMEOUT", "REGEXP_RAW_TIMEOUT"]);

/** What checks ask the DNS, by check. */
function openDnsMetrics(registry: Registry): (actor: string, use: CheckDnsUse) => void {
  const queries = registry.counter("sluice_dns_queries", "Questions of a check to the DNS.");
  const cached = registry.counter("sluice_dns_cached", "Of these, answered from the cache.");
  const failures = registry.counter("sluice_dns_failures", "Of these, without an answer that says something.");
  const waited = registry.counter("sluice_dns_wait_seconds", "Waiting for the others, side by side or not.");
  const byCheck = new ByCheck((check, actor) => ({
    queries: queries.with({ check, actor }),
    cached: cached.with({ check, actor }),
    failures: failures.with({ check, actor }),
    waited: waited.with({ check, actor }),
  }));
  return (actor, use) => {
    const counters = byCheck.one(use.check, actor);
    counters.queries.add(use.queries);
    counters.cached.add(use.cached);
    counters.failures.add(use.failed);
    counters.waited.add(use.waited / 1000);
  };
}

/** Opens the metrics; those that never go back are counters, whatever /statreset does. */
export function openGatewayMetrics(): GatewayMetrics {
  const registry = openRegistry();
  const started = performance.timeOrigin / 1000;
  registry.gauge("rspamd_build_info", "Version of the filter.").with({ version }).set(1);
  registry.ask("process_start_time_seconds", "gauge", "Start of the process, seconds since 1970.", () => started);
  registry.ask("process_resident_memory_bytes", "gauge", "Memory of the process.", () => process.memoryUsage.rss());
  registry.ask("process_cpu_seconds", "counter", "CPU time of the process.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  const scanned = registry.counter("rspamd_scanned", "Messages scanned.").with({});
  const spamCount = registry.counter("rspamd_spam", "Messages with an action against spam.").with({});
  const ham = registry.counter("rspamd_ham", "Messages with no action or greylisted.").with({});
  const learned = registry.counter("rspamd_learned", "Lessons taken here.").with({});
  registry.gauge("rspamd_read_only", "Whether nothing can be changed here.").with({});
  const byAction = registry.counter("rspamd_actions", "Verdicts by action.");
  const actions = new Map<string, Counter>(countedActions.map((type) => [type, byAction.with({ type })]));
  const scan = registry.histogram("sluice_scan_seconds", "From question to verdict.", durationBounds).with({});
  registry.ask("rspamd_scan_time_average", "gauge", "Mean seconds of a scan.", () => scan.mean);
  const wait = registry.histogram("sluice_check_wait_seconds", "Waiting of a check for its actor.", durationBounds);
  const work = registry.histogram("sluice_check_work_seconds", "Work of a check.", durationBounds);
  const failed = registry.counter("sluice_failed_checks", "Checks that gave no answer.");
  const cut = registry.counter("sluice_cut_rules", "Rules whose patterns took too long on a message.");
  const series = new ByCheck((check, actor) => ({
    wait: wait.with({ check, actor }),
    work: work.with({ check, actor }),
  }));
  const addDns = openDnsMetrics(registry);

  return {
    registry,
    addLesson: () => learned.add(),
    add({ verdict }) {
      scanned.add();
      (spamActions.includes(verdict.action) ? spamCount : ham).add();
      scan.observe(verdict.elapsed / 1000);
      let action = actions.get(verdict.action);
      if (action === undefined) {
        action = byAction.with({ type: verdict.action });
        actions.set(verdict.action, action);
      }
      action.add();
      for (const { actor, checks, waits, works, dns = [] } of verdict.timings) {
        for (const [at, { wait, work }] of series.of(actor, checks).entries()) {
          wait.observe((waits[at] ?? 0) / 1000);
          work.observe((works[at] ?? 0) / 1000);
        }
        for (const use of dns) addDns(actor, use);
      }
      for (const { name, options } of verdict.symbols) {
        // The options are names of rules in the configuration, so that they are few.
        if (cutSymbols.has(name)) for (const rule of options) cut.with({ rule }).add();
      }
      for (const { check, actor, code } of verdict.failed) failed.with({ check, actor, code }).add();
    },
  };
}
