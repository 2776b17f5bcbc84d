// The whole of Sluice in this process: coordinator, all actors, drivers of one machine, a name server that knows no name.
// Lessons take the way that those of users take.

import { loadServices } from "../../../bin/services.ts";
import { evidenceOf } from "../../../services/bayes/evidence.ts";
import { mailTokens } from "../../../services/bayes/mail-tokens.ts";
import { openModel } from "../../../services/bayes/model.ts";
import { TokenSet } from "../../../services/bayes/token-set.ts";
import { openPublished } from "../../../services/neural/published.ts";
import { lessonsOf } from "../../../services/neural/tables.ts";
import { judgeText } from "../../../services/neural/text/judge.ts";
import { openLocalBus } from "../../../shared/bus/local.ts";
import { configOf } from "../../../shared/config/live.ts";
import { learnSubject } from "../../../shared/learning/lesson.ts";
import { silent } from "../../../shared/log.ts";
import { analyse } from "../../../shared/message/analyse.ts";
import { scanSubject } from "../../../shared/scan.ts";
import type { Verdict } from "../../../shared/verdict.ts";
import { allLearned, pause, startInProcess } from "../../in-process.ts";
import type { Mail, Taught } from "./mails.ts";

export interface Opinion {
  readonly verdict: Verdict;
  /** Evidence and log odds of the two classifiers by themselves. */
  readonly bayes: number;
  readonly text: number;
}

export interface Whole {
  judge(mail: Mail): Promise<Opinion>;
  /** Resolves when all of them are learned and all judge by them. */
  learn(lessons: readonly Taught[]): Promise<void>;
  /** ms of CPU that each classifier has spent on judging so far. */
  readonly spent: { bayes: number; text: number; mails: number };
  close(): Promise<void>;
}

const patience = 60_000;
const atOnce = 64;
/** ms between two lessons on the clock of this process: single lessons are published one by one, not many together. */
const betweenLessons = 55;
let ahead = 0;
const clock = Date.now;
Date.now = () => clock() + ahead;

const services = await loadServices();

export async function startWhole(config = ""): Promise<Whole> {
  // Its time is that of the peers: all mail is old.
  const system = await startInProcess({ services, config: configOf(services.sections, config), bus: openLocalBus() });
  const { bus, store } = system;
  const { classifier, neural } = system.config.get(services.sections) as {
    readonly classifier: { readonly bayes: { readonly size: number } };
    readonly neural: { readonly text: { readonly min_learns: number } };
  };
  const model = await openModel({ store, log: silent }, classifier.bayes.size);
  const published = await openPublished({ store, log: silent });
  const set = new TokenSet();
  const spent = { bayes: 0, text: 0, mails: 0 };
  let count = 0;

  function alone(mail: Mail): Pick<Opinion, "bayes" | "text"> {
    const facts = analyse(mail.raw);
    const began = cpuNow();
    mailTokens({ envelope: { rcpts: [] }, ...facts }, "none", set);
    const bayes = evidenceOf(model.tokens.live.counters, model.bits, set.tokens, set.size);
    const between = cpuNow();
    const text = judgeText(facts, published.text, neural.text.min_learns);
    spent.bayes += between - began;
    spent.text += cpuNow() - between;
    spent.mails += 1;
    return { bayes, text };
  }

  async function accept({ mail, label }: Taught): Promise<void> {
    count += 1;
    const request = { id: `l${count}`, lesson: label, origin: "hand", envelope: { rcpts: [] } } as const;
    await bus.ask(learnSubject, { ...request, facts: { raw: mail.raw } }, { deadline: Date.now() + patience });
  }

  async function settled(many: boolean): Promise<void> {
    await allLearned(system);
    const isBehind = () => {
      const { spam, ham } = lessonsOf(published.counts);
      return published.text?.lessons.spam !== spam || published.text.lessons.ham !== ham;
    };
    // What many lessons taught is published a little later; a network that does worse is not published at all.
    for (let tries = 0; tries < 5_000 && many && isBehind(); tries++) await pause();
  }

  return {
    spent,
    async judge(mail) {
      count += 1;
      const request = { id: `s${count}`, envelope: { rcpts: [] }, passAll: true, facts: { raw: mail.raw } };
      const verdict = await bus.ask(scanSubject, request, { deadline: Date.now() + patience });
      if (verdict.failed.length > 0) throw new Error(`${verdict.failed[0]?.check}: ${verdict.failed[0]?.message}`);
      return { verdict, ...alone(mail) };
    },
    async learn(lessons) {
      ahead += betweenLessons;
      for (let at = 0; at < lessons.length; at += atOnce) {
        await Promise.all(lessons.slice(at, at + atOnce).map(accept));
      }
      await settled(lessons.length > 1);
    },
    close: system.close,
  };
}

/** ms of CPU of this thread: other programs on the machine do not count. */
function cpuNow(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
