import { defineActor } from "../../shared/actor.ts";
import { arcCheck } from "./arc/check.ts";
import { dkimCheck } from "./dkim/check.ts";
import { dmarc } from "./dmarc/check.ts";
import { dmarcMunge } from "./dmarc/munging.ts";
import { dmarcReport } from "./dmarc/report-check.ts";
import { adsp } from "./historic/adsp.ts";
import { hashcash } from "./historic/hashcash.ts";
import { senderId } from "./historic/sender-id.ts";
import { rdns } from "./rdns/check.ts";
import { arcSign } from "./sign/arc-sign.ts";
import { dkimSign } from "./sign/dkim-sign.ts";
import { spfCheck } from "./spf/check.ts";
import { srsCheck } from "./srs/check.ts";
import { whitelist } from "./whitelist/check.ts";

const checks = [
  spfCheck,
  dkimCheck,
  arcCheck,
  dmarc,
  dmarcMunge,
  dmarcReport,
  whitelist,
  rdns,
  senderId,
  adsp,
  hashcash,
  dkimSign,
  arcSign,
  srsCheck,
];

export default defineActor({
  name: "auth",
  about: "Who sent this: SPF, DKIM, DMARC, ARC.",
  checks,
  config: Object.assign({}, ...checks.map(({ config }) => config)),
  slots: 16,
  deadline: 5_000,
  reaches: ["dns"],
});
