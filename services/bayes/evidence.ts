// What the counters say of a mail, and how much a lesson adds to them.
//
// A token has two counters: how much lessons of spam added to it, and how much those of ham. A lesson adds the more, the
// less the model agreed with it, and nothing when it was certain already, as in logistic regression trained online
// (Goodman and Yih, 2006). Unlike there, a token's weight is not the difference of the two but the difference over the
// root of their sum: a token that both kinds of lessons pulled at weighs little however often it was seen, and a rare one
// that only one kind has weighs more than its few lessons would give it. Since a lesson adds one number to all tokens of
// its mail, it can be taken back exactly.

import type { Ahead } from "../../shared/learning/ahead.ts";
import type { Label } from "../../shared/learning/learner.ts";
import { pullOf } from "../../shared/learning/pull.ts";
import type { Counters } from "../../shared/store/store.ts";
import { leftOf } from "./doubt.ts";
import { tokenBits } from "./token-set.ts";

/** A counter of 1 is this part of a unit of evidence. */
const unit = 64;
/** Largest step of a lesson, in units, shared by the root of the number of its tokens. */
const step = 28;
/** Units that keep the weight of a token seen once from being everything. */
const damping = 0.1;
/** A model that is so sure already learns nothing. */
const sure = 0.02;
/** Error of the model without a lesson at which that is taken for a mistake. */
const doubtful = 0.95;
/** Lessons after which a young model is half as bold as an old one, squared. */
const youth = 40;
/** Brings probabilities to how often they are right; measured online over the development corpus. */
const calibration = 1.8;

/** Evidence for spam, above 0, or ham. The tokens are those of a mail: each once. */
export function evidenceOf(counters: Counters, bits: number, tokens: Uint32Array, count: number): number {
  const shift = tokenBits - bits;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const cell = ((tokens[i] ?? 0) >>> shift) * 2;
    sum += weightOf(counters[cell] ?? 0, counters[cell + 1] ?? 0);
  }
  return sum / (Math.sqrt(unit) * Math.sqrt(count + 1));
}

/** What a lesson added to the counters of each label. */
export type Own = Readonly<Record<Label, number>>;
const nothing: Own = { spam: 0, ham: 0 };

/** The same by the counters as they will be, without what a lesson added to them. */
export function evidenceAhead(
  ahead: Ahead,
  counters: Counters,
  bits: number,
  tokens: Uint32Array,
  own: Own = nothing,
): number {
  if (ahead.isEmpty && own === nothing) return evidenceOf(counters, bits, tokens, tokens.length);
  const shift = tokenBits - bits;
  let sum = 0;
  for (const token of tokens) {
    const cell = (token >>> shift) * 2;
    const spam = Math.max(0, ahead.of(counters, cell) - own.spam);
    sum += weightOf(spam, Math.max(0, ahead.of(counters, cell + 1) - own.ham));
  }
  return sum / (Math.sqrt(unit) * Math.sqrt(tokens.length + 1));
}

function weightOf(spam: number, ham: number): number {
  return spam === ham ? 0 : (spam - ham) / Math.sqrt(spam + ham + damping * unit);
}

/** What one token says, as its share of the evidence of a mail of `count` tokens. */
export function shareOf(counters: Counters, bits: number, token: number, count: number): number {
  return (evidenceOf(counters, bits, Uint32Array.of(token), 1) * Math.SQRT2) / Math.sqrt(count + 1);
}

/** Log odds of spam, as a model says that has had so many lessons. */
export function oddsOf(evidence: number, lessons: number): number {
  return calibration * evidence * Math.sqrt(lessons / (lessons + youth));
}

/** Probability of spam, 0 to 1. */
export function probabilityOf(evidence: number, lessons: number): number {
  return logistic(oddsOf(evidence, lessons));
}

/** What a lesson adds to each counter of its tokens. `again`: nobody has said it again, it is only looked at again. */
export function strengthOf(evidence: number, label: Label, count: number, again = false): number {
  const error = errorOf(evidence, label);
  if (error < sure || count === 0) return 0;
  const pull = pullOf(error, again);
  return pull < sure ? 0 : Math.max(1, Math.round(pull * wholeStrength(count)));
}

/** Whether a lesson is a mistake, by what the model without it says. */
export function isDoubtful(evidence: number, label: Label): boolean {
  return errorOf(evidence, label) > doubtful;
}

/** What is left of a lesson of `count` tokens that is taken for a mistake. */
export function strengthLeft(strength: number, count: number): number {
  return leftOf(strength, wholeStrength(count));
}

function wholeStrength(count: number): number {
  return (unit * step) / Math.sqrt(count + 1);
}

/** How wrong the model is, 0 to 1. */
function errorOf(evidence: number, label: Label): number {
  return logistic(label === "spam" ? -evidence : evidence);
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
