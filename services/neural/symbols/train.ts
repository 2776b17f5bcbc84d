// Trains a network over symbols from scratch: gradient descent (Adam; Kingma and Ba, 2015) over all lessons, several times. One
// lesson in five is held back: the network is tried and calibrated with those.

import { calibrate } from "../text/calibrate.ts";
import { decodeSymbols, hidden, hiddenOf, type SymbolNetwork, symbolLogit } from "./network.ts";
import { readVector } from "./vector.ts";

export interface SymbolLesson {
  readonly spam: boolean;
  readonly vector: Uint8Array;
}

export interface TrainOptions {
  readonly iterations: number;
  readonly rate: number;
}

const heldBack = 5;
/** A network may be worse than the one before by so much, in parts and in log loss: chance. */
const tolerance = 1.1;
const slack = 0.01;
/** Log loss of a network that knows nothing is 0.69. */
const worthless = 0.65;
const decay = 1e-4;
const [slowness, memory] = [0.9, 0.999];

/** Null when the outcome knows nothing, or less than the network before. */
export function trainSymbols(
  lessons: readonly SymbolLesson[],
  before: Uint8Array | null,
  options: TrainOptions,
): SymbolNetwork | null {
  const held = lessons.filter((_, i) => i % heldBack === 0);
  const taught = lessons.filter((_, i) => i % heldBack !== 0);
  const network = learn(taught, options);
  const loss = lossOf(network, held);
  if (loss > worthless) return null;
  if (before !== null && loss > lossOf(decodeSymbols(before), held) * tolerance + slack) return null;
  const judged = held.map(({ spam, vector }) => ({ spam, logit: symbolLogit(network, vector) }));
  return { ...network, ...calibrate(judged) };
}

/** Mean log loss. */
export function lossOf(network: SymbolNetwork, lessons: readonly SymbolLesson[]): number {
  const losses = lessons.map(({ spam, vector }) => {
    const logit = network.slope * symbolLogit(network, vector) + network.shift;
    return Math.log1p(Math.exp(spam ? -logit : logit));
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / Math.max(1, losses.length);
}

/** A parameter with what Adam keeps of it. */
class Weights {
  readonly values: Float32Array;
  readonly #mean: Float32Array;
  readonly #square: Float32Array;

  constructor(values: Float32Array) {
    this.values = values;
    this.#mean = new Float32Array(values.length);
    this.#square = new Float32Array(values.length);
  }

  move(index: number, gradient: number, rate: number): void {
    const mean = slowness * (this.#mean[index] ?? 0) + (1 - slowness) * gradient;
    const square = memory * (this.#square[index] ?? 0) + (1 - memory) * gradient * gradient;
    this.#mean[index] = mean;
    this.#square[index] = square;
    const value = this.values[index] ?? 0;
    this.values[index] = value - (rate * mean) / (Math.sqrt(square) + 1e-4) - rate * decay * value;
  }
}

function learn(lessons: readonly SymbolLesson[], { iterations, rate }: TrainOptions): SymbolNetwork {
  const random = generator(1);
  const start = (scale: number) =>
    new Weights(Float32Array.from({ length: hidden }, () => (random() - 0.5) * 2 * scale));
  const rows = new Map<number, Weights>();
  const read = lessons.map(({ vector }) => readVector(vector));
  for (const { numbers } of read) for (const number of numbers) if (!rows.has(number)) rows.set(number, start(0.3));
  const hiddenBias = start(0);
  const hiddenWeight = start(0.5);
  const bias = new Weights(new Float32Array(1));
  const network = (): SymbolNetwork => ({
    rows: new Map([...rows].map(([number, { values }]) => [number, values])),
    hiddenBias: hiddenBias.values,
    hiddenWeight: hiddenWeight.values,
    bias: bias.values[0] ?? 0,
    slope: 1,
    shift: 0,
  });
  // The weights are changed in place: this network is what they are at each moment, but for the bias.
  const current = network();
  const spam = lessons.filter((lesson) => lesson.spam).length;
  const shares = {
    spam: lessons.length / 2 / Math.max(1, spam),
    ham: lessons.length / 2 / Math.max(1, lessons.length - spam),
  };
  const order = lessons.map((_, i) => i);
  for (let iteration = 0; iteration < iterations; iteration++) {
    shuffle(order, random);
    for (const index of order) {
      const lesson = lessons[index];
      const inputs = read[index];
      if (lesson === undefined || inputs === undefined) continue;
      const units = hiddenOf(current, lesson.vector);
      let logit = bias.values[0] ?? 0;
      for (let unit = 0; unit < hidden; unit++) logit += (units[unit] ?? 0) * (hiddenWeight.values[unit] ?? 0);
      const share = lesson.spam ? shares.spam : shares.ham;
      const error = share * (1 / (1 + Math.exp(-logit)) - (lesson.spam ? 1 : 0));
      bias.move(0, error, rate);
      for (let unit = 0; unit < hidden; unit++) {
        const value = units[unit] ?? 0;
        const through = error * (hiddenWeight.values[unit] ?? 0) * (1 - value * value);
        hiddenWeight.move(unit, error * value, rate);
        hiddenBias.move(unit, through, rate);
        for (let i = 0; i < inputs.numbers.length; i++) {
          rows.get(inputs.numbers[i] ?? 0)?.move(unit, through * (inputs.values[i] ?? 0), rate);
        }
      }
    }
  }
  return network();
}

/** Numbers from 0 to 1, always the same: mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function shuffle(order: number[], random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
}
