// A store of its own for a test, and results to put into it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { DmarcResult, ReportRow } from "../../shared/dmarc/result-job.ts";
import { openLmdbStore } from "../../shared/store/lmdb.ts";
import type { Store } from "../../shared/store/store.ts";

export const noon = Date.parse("2026-01-15T12:00:00Z");

export async function openStore(context: TestContext): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), "sluice-dmarc-"));
  const store = await openLmdbStore({ folder });
  context.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return store;
}

const row: ReportRow = {
  ip: "192.0.2.1",
  disposition: "none",
  dkim: "pass",
  spf: "fail",
  headerFrom: "news.example.org",
  envelopeFrom: "example.com",
  dkimResults: [{ domain: "example.org", selector: "s1", result: "pass" }],
  spfResult: { domain: "example.com", scope: "mfrom", result: "softfail" },
};

export function resultOf(
  change: Partial<Omit<DmarcResult, "row">> & { readonly row?: Partial<ReportRow> } = {},
): DmarcResult {
  return {
    time: noon,
    policyDomain: "example.org",
    published: { adkim: "r", aspf: "s", p: "reject", sp: "none", pct: 50, fo: "1" },
    addresses: [{ address: "reports@example.org", limit: null }],
    ...change,
    row: { ...row, ...change.row },
  };
}
