// Documents that are text: tables that start programs, and documents of Word as one file of XML or of MIME.

import { type Effort, spend } from "./effort.ts";
import { noFindings, type OfficeFindings, type OfficeLimits } from "./office-findings.ts";
import { addRelations, noRelations, xmlText } from "./office-relations.ts";

/** A formula that speaks to a program (DDE): its name, a mark, a topic. */
const ddeFormula =
  /\b(?:cmd|powershell|pwsh|mshta|rundll32|regsvr32|wscript|cscript|certutil|msexcel|bitsadmin)(?:\.exe)?\s{0,5}\|\s{0,5}['"]/i;
/** Macros in XML (a part of its own, or a word that says so), and in MIME. */
const flatMacros = /vnd\.ms-office\.vbaProject|macrosPresent\s{0,5}=\s{0,5}["']yes|editdata\.mso|\bQWN0aXZlTWltZ/i;
/** What it costs to look at a byte. */
const textCost = 3;

/** Reads a table, or a document that is one file. Never throws. */
export function readTextOffice(
  content: Buffer,
  kind: "sheet" | "flat",
  limits: OfficeLimits,
  effort: Effort,
): OfficeFindings {
  const findings = noFindings();
  const bytes = content.subarray(0, Math.min(limits.partBytes, Math.max(65_536, effort.left / textCost)));
  spend(effort, bytes.length * textCost);
  findings.limited = bytes.length < content.length;
  const text = xmlText(bytes);
  if (kind === "sheet") findings.dde = ddeFormula.test(text);
  else {
    findings.macro = flatMacros.test(text);
    const relations = noRelations();
    if (text.includes("Relationship")) addRelations(text, relations);
    findings.external = relations.external;
    findings.urls = [...relations.links];
  }
  return findings;
}
