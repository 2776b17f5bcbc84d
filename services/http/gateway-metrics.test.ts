import assert from "node:assert/strict";
import { test } from "node:test";
import type { Scanned } from "../../shared/scan.ts";
import type { Timings } from "../../shared/verdict.ts";
import { openGatewayMetrics } from "./gateway-metrics.ts";

test("what checks asked the DNS adds up by check", () => {
  const metrics = openGatewayMetrics();
  const dns = [{ check: "A_CHECK", queries: 5, cached: 2, failed: 1, waited: 1_500, events: [] }];
  const timings: Timings[] = [{ actor: "a", checks: ["A_CHECK", "B_CHECK"], waits: [1, 1], works: [2, 2], dns }];
  const verdict = { action: "no action", elapsed: 1, timings, symbols: [], failed: [] };
  for (let count = 0; count < 2; count++) metrics.add({ verdict } as unknown as Scanned);
  const lines = metrics.registry
    .print()
    .split("\n")
    .filter((line) => line.startsWith("sluice_dns_"));
  assert.deepEqual(lines, [
    'sluice_dns_queries_total{actor="a",check="A_CHECK"} 10',
    'sluice_dns_cached_total{actor="a",check="A_CHECK"} 4',
    'sluice_dns_failures_total{actor="a",check="A_CHECK"} 2',
    'sluice_dns_wait_seconds_total{actor="a",check="A_CHECK"} 3',
  ]);
});
