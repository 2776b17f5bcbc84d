// Teaches both sides of `make bench` the same mails, in the way that rspamc does: POST /learnspam and /learnham.

import { inTurns } from "./accuracy/filter.ts";
import { readCorpus } from "./accuracy/mails.ts";

const atOnce = 8;
/** Of Rspamd: what was taught already, and what has too few words. */
const alsoFine = [204, 208];

export interface Controller {
  /** "http://127.0.0.1:1234" */
  readonly url: string;
  readonly password: string;
}

/** Every nth mail of the corpus is a lesson. Resolves with how many were taught, when all are accepted. */
export async function teach({ url, password }: Controller, every: number): Promise<number> {
  const mails = readCorpus(every);
  await inTurns(mails, atOnce, async ({ spam, raw, path }) => {
    const asked = { method: "POST", headers: { Password: password }, body: new Uint8Array(raw) };
    const answer = await fetch(`${url}/learn${spam ? "spam" : "ham"}`, asked);
    const said = await answer.text();
    if (!answer.ok && !alsoFine.includes(answer.status)) throw new Error(`${url} does not learn ${path}: ${said}`);
  });
  return mails.length;
}
