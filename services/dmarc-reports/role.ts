import { dmarcConfig, type ReportingConfig } from "../../shared/dmarc/config.ts";
import { dmarcResultJobs } from "../../shared/dmarc/result-job.ts";
import { Fault } from "../../shared/fault.ts";
import { mailbox } from "../../shared/message/address.ts";
import { isHostName } from "../../shared/message/domain.ts";
import type { Working } from "../../shared/queue/queue.ts";
import { defineRole } from "../../shared/role.ts";
import { collect } from "./collect.ts";
import { isOnThisMachine, wordTrouble } from "./smtp-login.ts";

/** Results at work at once. */
const slots = 4;

function reportingFaults(reporting: ReportingConfig): readonly Fault[] {
  if (!reporting.enabled) return [];
  const faults: Fault[] = [];
  const refuse = (key: string, why: string) => faults.push(new Fault("bad-config", `dmarc.reporting.${key}: ${why}`));
  const isAddress = (text: string) => mailbox("", text).valid && /^[\x21-\x7e]+$/.test(text);
  if (!isAddress(reporting.email)) refuse("email", "reports need the address of a sender");
  if (!isHostName(reporting.domain.toLowerCase())) refuse("domain", "reports need the domain of who sends them");
  if (reporting.org_name === "") refuse("org_name", "reports need the name of who sends them");
  const copy = reporting.bcc_addrs.find((address) => !isAddress(address));
  if (copy !== undefined) refuse("bcc_addrs", `"${copy}" is no address`);
  refuseLogin(reporting, refuse);
  return faults;
}

function refuseLogin(reporting: ReportingConfig, refuse: (key: string, why: string) => void): void {
  const { smtp, smtp_tls, smtp_user, smtp_password } = reporting;
  if (smtp_user === "" && smtp_password === "") return;
  if (smtp_user === "") refuse("smtp_user", "a password needs the user that it is of");
  if (smtp_password === "") refuse("smtp_password", "a user needs a password");
  for (const key of ["smtp_user", "smtp_password"] as const) {
    const trouble = wordTrouble(reporting[key]);
    if (trouble !== undefined) refuse(key, trouble);
  }
  if (smtp_tls === "never" && !isOnThisMachine(smtp)) {
    refuse("smtp_tls", `a password does not go to ${smtp} in clear: "required", or "implicit" (port 465)`);
  }
}

export default defineRole({
  name: "dmarc-reports",
  about: "Adds up what DMARC found, for the reports to the owners of domains.",
  config: dmarcConfig,
  validate: (config) => reportingFaults(config.get(dmarcConfig).dmarc.reporting),
  async start({ config, queue, store, log }) {
    const reporting = () => config.get(dmarcConfig).dmarc.reporting;
    let working: Promise<Working> | undefined;
    const follow = () => {
      if (!reporting().enabled || working !== undefined) return;
      working = queue.work(dmarcResultJobs, { slots }, (result) => collect(store, result, reporting()));
    };
    follow();
    await working;
    // Once at work it stays: what was accepted while reports were on is still added up.
    const forget = config.onChange(() => {
      follow();
      working?.catch((err) => {
        log.error({ err }, "what DMARC found is not added up");
        working = undefined;
      });
    });
    return {
      listening: [],
      async close() {
        forget();
        await (await working)?.stop();
      },
    };
  },
});
