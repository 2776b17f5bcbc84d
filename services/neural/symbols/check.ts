import { defineCheck } from "../../../shared/check.ts";
import { type NeuralConfig, neuralConfig, profilesOf } from "../config.ts";
import { mailName } from "../mail-name.ts";
import { openPublished, type Published } from "../published.ts";
import { probabilityOf } from "../text/calibrate.ts";
import { symbolLogit } from "./network.ts";
import { rememberMail } from "./seen.ts";
import { makeVector, vectorFacts } from "./vector.ts";

/** Scores by default: a long memory is worth more than a short one. */
const scores: Readonly<Record<string, readonly [number, number]>> = { short: [1, -0.5], long: [2, -1.5] };
const ordinary = [1.5, -1] as const;

export const symbols = defineCheck({
  name: "NEURAL_CHECK",
  about: "Judges a mail by all symbols that it has, as networks learned that are told which mail was spam.",
  stage: "post",
  group: "neural",
  reads: vectorFacts,
  config: neuralConfig,
  symbols: {},
  configured({ neural }) {
    if (!neural.enabled) return null;
    const names = profilesOf(neural).flatMap(({ name, symbolSpam, symbolHam }) => {
      const [spam, ham] = scores[name] ?? ordinary;
      const key = `neural.rules.${name}`;
      const about = `The network over symbols "${name}" takes the mail for`;
      return [
        [symbolSpam, { score: spam, about: `${about} spam.`, key }] as const,
        [symbolHam, { score: ham, about: `${about} wanted mail.`, key }] as const,
      ];
    });
    return names.length === 0 ? null : Object.fromEntries(names);
  },
  run(task, ctx) {
    const { neural } = ctx.config;
    const judge = (published: Published): void | Promise<void> => {
      const vector = makeVector(task, ownSymbols(neural));
      if (neural.remember > 0) rememberMail(ctx, mailName(task), vector, neural.remember);
      const say = () => sayAll(neural, published, vector, ctx.hitConfigured.bind(ctx));
      const wanted = published.want(profilesOf(neural).map(({ name }) => name));
      return wanted === undefined ? say() : wanted.then(say);
    };
    const published = openPublished(ctx);
    return published instanceof Promise ? published.then(judge) : judge(published);
  },
});

function sayAll(
  config: NeuralConfig,
  published: Published,
  vector: Uint8Array,
  hit: (symbol: string, detail: { readonly factor: number; readonly options: readonly string[] }) => void,
): void {
  for (const { name, symbolSpam, symbolHam, spamThreshold, hamThreshold, flat } of profilesOf(config)) {
    const network = published.symbols(name);
    if (network === null) continue;
    const probability = probabilityOf(network.slope * symbolLogit(network, vector) + network.shift);
    const output = 2 * probability - 1;
    if (output < spamThreshold && output > hamThreshold) continue;
    const detail = { factor: flat ? 1 : Math.abs(output), options: [`${(100 * probability).toFixed(1)}%`] };
    hit(output > 0 ? symbolSpam : symbolHam, detail);
  }
}

/** The configuration is the same object until it changes. */
const known = new WeakMap<NeuralConfig, ReadonlySet<string>>();

function ownSymbols(config: NeuralConfig): ReadonlySet<string> {
  let own = known.get(config);
  if (own === undefined) {
    own = new Set(profilesOf(config).flatMap(({ symbolSpam, symbolHam }) => [symbolSpam, symbolHam]));
    known.set(config, own);
  }
  return own;
}
