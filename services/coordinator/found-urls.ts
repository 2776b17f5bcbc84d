// URLs that checks found where no analysis looks: in files, in codes. They are looked at as those of the message are, by
// the checks that look at each URL by itself; one more question for their actors, and only for mails that have such URLs.

import type { Url } from "../../shared/task.ts";
import { type Asking, askStage, type Progress } from "./ask.ts";
import type { Plan, Question } from "./plan.ts";

/** URLs of one message that are looked at. */
const most = 500;

const texts = [
  "url",
  "raw",
  "scheme",
  "user",
  "host",
  "domain",
  "path",
  "query",
  "fragment",
  "origin",
  "text",
] as const;
const numbers = ["port", "part", "count"] as const;

/** Findings come over the bus and may be those of an operator's rules. */
function isUrl(value: unknown): value is Url {
  if (typeof value !== "object" || value === null) return false;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  return (
    texts.every((key) => typeof fields[key] === "string") &&
    numbers.every((key) => typeof fields[key] === "number") &&
    Array.isArray(fields.flags) &&
    fields.flags.every((flag) => typeof flag === "string")
  );
}

function listOf(finding: unknown): readonly unknown[] {
  if (typeof finding !== "object" || finding === null || !("urls" in finding)) return [];
  return Array.isArray(finding.urls) ? finding.urls : [];
}

/** The URLs of all findings that are not known from the message itself, each once, in the order of the checks' names. */
export function foundUrls(findings: Readonly<Record<string, unknown>>, known: readonly Url[]): readonly Url[] {
  const finders = Object.keys(findings).filter((check) => listOf(findings[check]).length > 0);
  if (finders.length === 0) return [];
  const seen = new Set(known.map(({ url }) => url));
  const found: Url[] = [];
  for (const url of finders.sort().flatMap((check) => listOf(findings[check]))) {
    if (found.length >= most) break;
    if (!isUrl(url) || seen.has(url.url)) continue;
    seen.add(url.url);
    found.push(url);
  }
  return found;
}

/** Whether the questions about found URLs may still be asked, `pending` being checks that have not answered. */
export function mayFollow(progress: Progress, pending: readonly { readonly bringsUrls?: true }[]): boolean {
  return pending.some(({ bringsUrls }) => bringsUrls) || foundUrls(progress.findings, progress.facts.urls).length > 0;
}

/** Asks once more about the URLs that were found, with no other facts that were looked at before. */
export async function followUrls(
  { follow }: Plan,
  progress: Progress,
  asking: Asking,
  isOpen: (question: Question) => boolean,
): Promise<void> {
  if (follow.length === 0) return;
  const urls = foundUrls(progress.findings, progress.facts.urls);
  if (urls.length === 0) return;
  const facts = { ...progress.facts, urls, text: [], html: [], emails: [], attachments: [] };
  await askStage(follow, { ...progress, facts }, asking, isOpen);
}
