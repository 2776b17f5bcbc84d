// What 2,000 body patterns cost on a mail of 20 KB: with the search for literals, and each pattern tried. Bounded.
//
//   node test/bench/regexp.ts

import { regexpConfig } from "../../services/regexp/config.ts";
import { matchRules } from "../../services/regexp/match.ts";
import { makeRuleset } from "../../services/regexp/ruleset.ts";
import { configOf } from "../../shared/config/live.ts";
import { analyse } from "../../shared/message/analyse.ts";
import { defaultLimits } from "../../shared/message/limits.ts";

const patterns = 2_000;
const size = 20_000;

let state = 1;
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

// Made-up words, so that a word of a rule stands in a mail as often as the mail has that word, as it is with real ones.
const consonants = "bcdfghjklmnpqrstvwxz";
const syllable = () => `${consonants[random(consonants.length)]}${"aeiou"[random(5)]}`;
const word = () => Array.from({ length: 2 + random(3) }, syllable).join("") + ["", "n", "s", "r"][random(4)];
const vocabulary = Array.from({ length: 4_000 }, word);
const known = () => vocabulary[random(vocabulary.length)] ?? "word";

/** The shapes that rules have: words, alternatives, gaps, spellings. */
const shapes: readonly (() => string)[] = [
  () => `\\b${known()}\\s+${known()}\\b`,
  () => `(?:${known()}|${known()}) your ${known()}`,
  () => `${known()}.{0,20}${known()}`,
  () => `${known()} [a-z]+ ${known()}`,
  () => `${word()}[0-9]{2,4}`,
];
const rules = Array.from(
  { length: patterns },
  (_, at) => `R${at} = ${JSON.stringify(`/${shapes[at % shapes.length]?.()}/i{mime}`)};`,
);
const { regexp } = configOf(regexpConfig, `regexp { ${rules.join("\n")} }`).get(regexpConfig);

/** Words that no rule was made of. */
const foreign = Array.from({ length: 4_000 }, word).filter((one) => !vocabulary.includes(one));

/** A mail in which so many of a hundred words are words of the rules. */
function mailOf(share: number) {
  let body = "";
  while (body.length < size) body += `${random(100) < share ? known() : foreign[random(foreign.length)]} `;
  const raw = Buffer.from(
    `Subject: bench\r\nContent-Type: text/plain\r\n\r\n${body.replace(/(.{60,70}) /g, "$1\r\n")}`,
  );
  return { id: "1", envelope: { rcpts: [] }, ...analyse(raw, defaultLimits) };
}

function measure(task: ReturnType<typeof mailOf>, prefilter: boolean, rounds: number) {
  const ruleset = makeRuleset(regexp, false, prefilter);
  let hits = 0;
  const once = () => {
    const matched = matchRules(ruleset, task, { ...regexp, timeLimit: 60_000 }, () => Promise.resolve([]));
    if (matched instanceof Promise) throw new Error("no pattern of this benchmark is slow");
    hits = matched.hits.length;
  };
  for (let round = 0; round < rounds / 4; round++) once();
  const times = Array.from({ length: rounds }, () => {
    const started = performance.now();
    once();
    return performance.now() - started;
  });
  return { ms: times.sort((a, b) => a - b)[rounds >> 1] ?? 0, hits };
}

const started = performance.now();
makeRuleset(regexp, false);
const compiling = performance.now() - started;
console.log(
  `${patterns} patterns, ${size} characters; compiling the rules ${compiling.toFixed(0)} ms, once for each configuration`,
);
for (const share of [0, 1, 5, 100]) {
  const task = mailOf(share);
  const searched = measure(task, true, 100);
  const tried = measure(task, false, 4);
  if (searched.hits !== tried.hits)
    throw new Error(`${searched.hits} rules hold with the search, ${tried.hits} without`);
  const times = `${searched.ms.toFixed(3).padStart(8)} ms with literals searched, ${tried.ms.toFixed(1).padStart(6)} ms with every pattern tried`;
  console.log(`${String(share).padStart(3)} % words of rules: ${times}, ${searched.hits} hold`);
}
