// Hands what DMARC found of a message to the reports, when the verdict is out.

import { defineCheck } from "../../../shared/check.ts";
import { dmarcConfig } from "../../../shared/dmarc/config.ts";
import { dmarcResultJobs } from "../../../shared/dmarc/result-job.ts";
import { withAction } from "./report.ts";

export const dmarcReport = defineCheck({
  name: "DMARC_REPORT_CHECK",
  about: "Notes the result of DMARC for the daily report to the owner of the author domain.",
  stage: "idle",
  group: "policies",
  reads: ["standing"],
  needs: ["DMARC_CHECK"],
  config: dmarcConfig,
  symbols: {},
  configured: ({ dmarc }) => (dmarc.enabled && dmarc.reporting.enabled ? {} : null),
  async run(task, ctx) {
    const report = ctx.finding("DMARC_CHECK")?.report;
    if (report === undefined) return;
    // Two messages of one name at one time are one message that was asked about twice.
    const key = `${ctx.now} ${task.id.slice(0, 100)}`;
    await ctx.queue.add(dmarcResultJobs, withAction(report, task.standing.action), { key });
  },
});
